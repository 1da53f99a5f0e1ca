package io.pulsegrid.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.api.fake.FakeAccess;
import io.pulsegrid.api.fake.FakePublishing;
import io.pulsegrid.api.fake.FakeTelling;
import io.pulsegrid.core.telling.Alert;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

class TellingTest extends FrontTest {
  private static final Instant NOW = FakePublishing.NOW;

  @Autowired FakeTelling telling;
  @Autowired FakeAccess access;

  @AfterEach
  void clear() {
    telling.clearAlerts();
  }

  private List<String> ids(String query) {
    List<String> ids = new ArrayList<>();
    reader
        .get("/api/v1/alerts" + query)
        .json()
        .path("items")
        .forEach(item -> ids.add(item.path("id").asString()));
    return ids;
  }

  @Test
  void listsAlertsByKindAndTime() {
    telling.add(Samples.alert("a1", Alert.Kind.FAILED, NOW));
    telling.add(Samples.alert("a2", Alert.Kind.CHANNEL_PAUSED, NOW.plusSeconds(60)));
    telling.add(Samples.alert("a3", Alert.Kind.MISSED, NOW.plusSeconds(120)));

    assertThat(ids("")).containsExactly("a3", "a2", "a1");
    assertThat(ids("?kind=failed,channel-paused")).containsExactly("a2", "a1");
    assertThat(ids("?since=2026-10-01T12:01:00Z")).containsExactly("a3", "a2");
    assertThat(ids("?open=true&kind=MISSED")).containsExactly("a3");
    assertThat(ids("?limit=1")).containsExactly("a3");
    assertThat(other.get("/api/v1/alerts").json().path("items").size()).isZero();
    JsonNode first = reader.get("/api/v1/alerts").json().path("items").get(0);
    assertThat(first.propertyNames())
        .containsExactlyInAnyOrder(
            "id",
            "kind",
            "at",
            "message",
            "reason",
            "delivery",
            "scheduledPost",
            "channel",
            "webhook",
            "subscription",
            "trend",
            "overAt");
    assertThat(first.path("message").asString())
        .isEqualTo("a post for @me on mastodon was not sent in time: HTTP 422");
  }

  @Test
  void refusesFiltersThatMeanNothing() {
    assertInvalid(reader.get("/api/v1/alerts?kind=failed,trouble&since=yesterday"), "kind,since");
  }

  @Test
  void showsASecretThatItMadeOnceAndKeepsNoneForReplays() {
    String body = "{\"url\":\"https://example.org/in\",\"events\":[\"alert\",\"Delivery\"]}";
    Http.Answer made = writer.post("/api/v1/webhooks", body, "Idempotency-Key", "hook-1");
    assertThat(made.status()).as(made.text()).isEqualTo(201);
    JsonNode json = made.json();
    assertThat(json.propertyNames())
        .containsExactlyInAnyOrder(
            "id",
            "url",
            "events",
            "lastNumber",
            "waiting",
            "takenAt",
            "lastError",
            "parkedAt",
            "createdAt",
            "secret");
    assertThat(json.path("events").toString()).isEqualTo("[\"delivery\",\"alert\"]");
    String secret = json.path("secret").asString();
    assertThat(secret).startsWith("whsec_");
    String at = made.header("Location");
    Http.Answer again = writer.post("/api/v1/webhooks", body, "Idempotency-Key", "hook-1");
    assertThat(again.status()).isEqualTo(201);
    assertThat(again.header("Location")).isEqualTo(at);
    assertThat(again.json().has("secret")).isFalse();
    assertThat(access.keptBodies()).noneMatch(kept -> kept.contains(secret));
    assertThat(reader.get(at).text() + reader.get("/api/v1/webhooks").text())
        .doesNotContain(secret);
    assertThat(writer.delete(at).status()).isEqualTo(204);
    assertProblem(writer.delete(at), 404, "not-found");
  }

  @Test
  void neverShowsASecretThatItWasGiven() {
    String secret = "this-is-a-secret-of-my-own";
    Http.Answer made =
        writer.post(
            "/api/v1/webhooks",
            "{\"url\":\"https://example.org/in\",\"events\":[\"alert\"],\"secret\":\"%s\"}"
                .formatted(secret));
    assertThat(made.status()).isEqualTo(201);
    assertThat(made.json().has("secret")).isFalse();
    assertThat(telling.secretOf(made.json().path("id").asString())).isEqualTo(secret);
  }

  @Test
  void resumesAParkedWebhook() {
    Http.Answer made =
        writer.post(
            "/api/v1/webhooks", "{\"url\":\"https://example.org/in\",\"events\":[\"alert\"]}");
    String at = made.header("Location");
    telling.park(made.json().path("id").asString());
    assertThat(reader.get(at).json().path("parkedAt").asString()).isNotEmpty();
    assertThat(reader.get(at).json().path("waiting").asLong()).isEqualTo(3);
    assertProblem(reader.post(at + "/resume", ""), 403, "forbidden");
    assertProblem(other.post(at + "/resume", ""), 404, "not-found");
    Http.Answer resumed = writer.post(at + "/resume", "");
    assertThat(resumed.status()).isEqualTo(200);
    assertThat(resumed.json().path("parkedAt").isNull()).isTrue();
    assertProblem(other.get(at), 404, "not-found");
    assertProblem(other.delete(at), 404, "not-found");
    assertProblem(reader.delete(at), 403, "forbidden");
  }

  @Test
  void namesWhatIsWrongWithAWebhook() {
    assertInvalid(writer.post("/api/v1/webhooks", "{}"), "url,events");
    assertInvalid(
        writer.post(
            "/api/v1/webhooks",
            "{\"url\":\"ftp://example.org\",\"events\":[\"weather\",\"alert\",\"trend\",\"post\"]}"),
        "url,events[0]");
    assertInvalid(
        writer.post("/api/v1/webhooks", "{\"url\":\"https://example.org\",\"events\":[]}"),
        "events");
    assertInvalid(
        writer.post(
            "/api/v1/webhooks",
            "{\"url\":\"https://example.org\",\"events\":[\"alert\"],\"secret\":\"short\"}"),
        "secret");
    assertInvalid(
        writer.post("/api/v1/webhooks", "{\"url\":\"https://10.0.0.1/\",\"events\":[\"alert\"]}"),
        "url");
    assertThat(reader.get("/api/v1/webhooks").text()).doesNotContain("10.0.0.1");
  }
}
