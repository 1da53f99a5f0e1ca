package io.pulsegrid.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.api.fake.FakeAccess;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

class SubscriptionsTest extends FrontTest {
  private static final String PATH = "/api/v1/subscriptions";

  @Autowired FakeAccess access;

  @Test
  void keepsWhatWasAskedForAndShowsItToItsWorkspaceAlone() {
    Http.Answer made =
        writer.post(
            PATH,
            "{\"keyword\":\"rust kernel\",\"query\":\"operating systems\","
                + "\"platform\":\"hackernews\",\"minScore\":2.5}");
    assertThat(made.status()).as(made.text()).isEqualTo(201);
    JsonNode json = made.json();
    assertThat(json.propertyNames())
        .containsExactlyInAnyOrder(
            "id", "keyword", "query", "platform", "minScore", "target", "webhook", "createdAt");
    assertThat(json.path("keyword").asString()).isEqualTo("rust kernel");
    assertThat(json.path("minScore").asDouble()).isEqualTo(2.5);
    assertThat(json.path("target").isNull()).isTrue();

    String at = made.header("Location");
    assertThat(reader.get(at).json().path("query").asString()).isEqualTo("operating systems");
    assertThat(reader.get(PATH).text()).contains("operating systems");
    assertThat(other.get(PATH).json().path("items").size()).isZero();
    assertProblem(other.get(at), 404, "not-found");
    assertProblem(other.delete(at), 404, "not-found");
    assertProblem(reader.delete(at), 403, "forbidden");
    assertThat(writer.delete(at).status()).isEqualTo(204);
    assertProblem(reader.get(at), 404, "not-found");
  }

  @Test
  void givesAnAddressAWebhookAndShowsItsSecretOnce() {
    String body = "{\"target\":\"https://example.org/trends\"}";
    Http.Answer made = writer.post(PATH, body, "Idempotency-Key", "subscription-1");
    String secret = made.json().path("secret").asString();
    assertThat(secret).startsWith("whsec_");
    assertThat(made.json().path("target").asString()).isEqualTo("https://example.org/trends");
    JsonNode webhook =
        reader.get("/api/v1/webhooks/" + made.json().path("webhook").asString()).json();
    assertThat(webhook.path("url").asString()).isEqualTo("https://example.org/trends");
    assertThat(webhook.path("events").size()).isZero();

    Http.Answer again = writer.post(PATH, body, "Idempotency-Key", "subscription-1");
    assertThat(again.header("Location")).isEqualTo(made.header("Location"));
    assertThat(again.json().has("secret")).isFalse();
    assertThat(access.keptBodies()).noneMatch(kept -> kept.contains(secret));
    assertThat(reader.get(made.header("Location")).text()).doesNotContain(secret);
  }

  @Test
  void takesAWebhookOfTheWorkspaceAsItsTarget() {
    String hook =
        writer
            .post("/api/v1/webhooks", "{\"url\":\"https://example.org/in\",\"events\":[\"alert\"]}")
            .json()
            .path("id")
            .asString();
    Http.Answer made = writer.post(PATH, "{\"target\":\"" + hook + "\"}");
    assertThat(made.json().path("target").asString()).isEqualTo(hook);
    assertThat(made.json().path("webhook").asString()).isEqualTo(hook);
    assertThat(made.json().has("secret")).isFalse();
    assertInvalid(other.post(PATH, "{\"target\":\"" + hook + "\"}"), "target");
  }

  @Test
  void namesWhatIsWrongWithASubscription() {
    assertInvalid(
        writer.post(PATH, "{\"platform\":\"Hacker News\",\"minScore\":-1}"), "platform,minScore");
    assertInvalid(
        writer.post(PATH, "{\"keyword\":\"?!\",\"target\":\"ftp://example.org\"}"),
        "keyword,target");
    assertInvalid(writer.post(PATH, "{\"target\":\"nobody\"}"), "target");
    assertInvalid(writer.post(PATH, "{\"target\":\"https://10.0.0.1/\"}"), "target");
    assertInvalid(writer.post(PATH, "{\"query\":\"" + "x".repeat(1001) + "\"}"), "query");
    assertInvalid(writer.post(PATH, "{\"minscore\":1}"), "minscore");
    assertThat(reader.get(PATH).text()).doesNotContain("10.0.0.1");
  }
}
