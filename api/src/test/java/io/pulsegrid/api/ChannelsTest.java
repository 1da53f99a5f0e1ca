package io.pulsegrid.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.api.fake.FakeChannels;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

class ChannelsTest extends FrontTest {
  static final String CHANNEL =
      "{\"platform\":\"mastodon\",\"handle\":\"@me\",\"baseUrl\":\"https://social.example\","
          + "\"credentials\":{\"accessToken\":\"t-s3cret\"},\"zone\":\"Europe/Paris\","
          + "\"slots\":[{\"day\":\"MON\",\"time\":\"09:00\"}]}";

  @Autowired FakeChannels channels;

  @Test
  void aRepeatedCreationIsAnsweredAsTheFirstThoughThePlatformRefusesByNow() {
    Http.Answer first = writer.post("/api/v1/channels", CHANNEL, "Idempotency-Key", "channel");
    channels.refuse(true);
    try {
      Http.Answer again = writer.post("/api/v1/channels", CHANNEL, "Idempotency-Key", "channel");
      assertThat(again.status()).isEqualTo(201);
      assertThat(again.text()).isEqualTo(first.text());
      assertInvalid(
          writer.post("/api/v1/channels", CHANNEL, "Idempotency-Key", "another"), "credentials");
    } finally {
      channels.refuse(false);
    }
  }

  @Test
  void managesChannelsAndNeverShowsTheirCredentials() {
    Http.Answer made = writer.post("/api/v1/channels", CHANNEL);
    assertThat(made.status()).as(made.text()).isEqualTo(201);
    String at = made.header("Location");
    JsonNode json = made.json();
    String id = json.path("id").asString();
    assertThat(at).isEqualTo("/api/v1/channels/" + id);
    assertThat(json.propertyNames())
        .containsExactlyInAnyOrder(
            "id",
            "platform",
            "handle",
            "baseUrl",
            "zone",
            "slots",
            "paused",
            "account",
            "createdAt");
    assertThat(json.path("platform").asString()).isEqualTo("mastodon");
    assertThat(json.path("handle").asString()).isEqualTo("@me");
    assertThat(json.path("baseUrl").asString()).isEqualTo("https://social.example");
    assertThat(json.path("zone").asString()).isEqualTo("Europe/Paris");
    assertThat(json.path("slots").toString()).isEqualTo("[{\"day\":\"MON\",\"time\":\"09:00\"}]");
    assertThat(json.path("paused").asBoolean()).isFalse();
    assertThat(Objects.requireNonNull(channels.credentialsOf(id)).values())
        .containsEntry("accessToken", "t-s3cret");
    assertThat(made.text() + reader.get(at).text() + reader.get("/api/v1/channels").text())
        .doesNotContain("s3cret");

    String etag = made.header("ETag");
    String paused =
        CHANNEL.replace("\"credentials\":{\"accessToken\":\"t-s3cret\"},", "\"paused\":true,");
    Http.Answer changed = writer.put(at, paused, "If-Match", etag);
    assertThat(changed.status()).isEqualTo(200);
    assertThat(changed.json().path("paused").asBoolean()).isTrue();
    assertThat(Objects.requireNonNull(channels.credentialsOf(id)).values())
        .containsEntry("accessToken", "t-s3cret");
    assertProblem(writer.put(at, paused, "If-Match", etag), 412, "stale");
    assertProblem(writer.put(at, paused, "If-Match", "\"ours-never\""), 412, "stale");
    String unsaid = paused.replace("\"paused\":true,", "");
    assertThat(writer.put(at, unsaid, "If-Match", "*").json().path("paused").asBoolean()).isTrue();
    assertThat(writer.put(at, CHANNEL).json().path("paused").asBoolean()).isFalse();
    assertProblem(writer.delete(at, "If-Match", etag), 412, "stale");
    assertProblem(other.get(at), 404, "not-found");
    assertProblem(other.put(at, CHANNEL), 404, "not-found");
    assertProblem(other.delete(at), 404, "not-found");
    channels.busy(id);
    assertProblem(writer.delete(at), 409, "conflict");
  }

  @Test
  void pausesAChannelFromItsFirstMoment() {
    Http.Answer made =
        writer.post("/api/v1/channels", CHANNEL.replace("\"zone\"", "\"paused\":true,\"zone\""));
    assertThat(made.json().path("paused").asBoolean()).isTrue();
    String at = made.header("Location");
    assertThat(reader.get(at).header("ETag")).isEqualTo(made.header("ETag"));
    assertThat(writer.delete(at).status()).isEqualTo(204);
    assertProblem(reader.get(at), 404, "not-found");
  }
}
