package io.pulsegrid.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.api.fake.FakeChannels;
import io.pulsegrid.api.fake.FakePublishing;
import io.pulsegrid.core.publish.Attempt;
import io.pulsegrid.core.publish.Delivery;
import io.pulsegrid.core.publish.DeliveryState;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

class PublishingTest extends FrontTest {
  @Autowired FakeChannels channels;
  @Autowired FakePublishing ledger;

  private Http.Answer schedule(String when) {
    return writer.post(
        "/api/v1/scheduled-posts",
        "{\"text\":\"Hello\",\"channels\":[\"c7\",\"c8\"],\"when\":"
            + when
            + ",\"variants\":{\"mastodon\":{\"text\":\"Hello, fediverse\"}},\"priority\":7,"
            + "\"expiresAfter\":\"PT2H\"}");
  }

  private String delivery(DeliveryState state) {
    String id = schedule("{\"now\":true}").json().path("deliveries").get(0).path("id").asString();
    ledger.move(id, state, new Delivery.Result(null, null, "it went so"));
    return id;
  }

  @Test
  void schedulesInItsShape() {
    Http.Answer made = schedule("{\"local\":\"2027-03-28T02:30\",\"zone\":\"Europe/Paris\"}");
    assertThat(made.status()).as(made.text()).isEqualTo(201);
    JsonNode json = made.json();
    assertThat(made.header("Location"))
        .isEqualTo("/api/v1/scheduled-posts/" + json.path("id").asString());
    assertThat(json.propertyNames())
        .containsExactlyInAnyOrder(
            "id",
            "state",
            "text",
            "channels",
            "when",
            "variants",
            "priority",
            "expiresAfter",
            "resolved",
            "deliveries",
            "version",
            "createdAt");
    assertThat(json.path("state").asString()).isEqualTo("SCHEDULED");
    assertThat(json.path("when").toString())
        .isEqualTo("{\"local\":\"2027-03-28T02:30\",\"zone\":\"Europe/Paris\"}");
    assertThat(json.path("variants").toString())
        .isEqualTo("{\"mastodon\":{\"text\":\"Hello, fediverse\"}}");
    assertThat(json.path("priority").asInt()).isEqualTo(7);
    assertThat(json.path("expiresAfter").asString()).isEqualTo("PT2H");
    JsonNode resolved = json.path("resolved").get(0);
    assertThat(resolved.path("at").asString()).isEqualTo("2027-03-28T01:30:00Z");
    assertThat(resolved.path("adjustment").asString()).isEqualTo("GAP");
    assertThat(resolved.path("note").asString()).contains("2027-03-28T03:30");
    JsonNode delivery = json.path("deliveries").get(0);
    assertThat(json.path("deliveries").size()).isEqualTo(2);
    assertThat(delivery.propertyNames())
        .containsExactlyInAnyOrder(
            "id",
            "scheduledPost",
            "channel",
            "state",
            "dueAt",
            "nextTryAt",
            "attempts",
            "remoteId",
            "remoteUrl",
            "lastError");
    assertThat(delivery.path("channel").asString()).isEqualTo("c7");
    assertThat(delivery.path("dueAt").asString()).isEqualTo("2027-03-28T01:30:00Z");
    assertThat(delivery.path("attempts").asInt()).isZero();
    assertThat(delivery.path("remoteId").isNull()).isTrue();
  }

  @Test
  void takesASlotAndTheClockOfEachChannel() {
    JsonNode slot = schedule("{\"slot\":\"next\"}").json();
    assertThat(slot.path("when").toString()).isEqualTo("{\"slot\":\"next\"}");
    JsonNode local = schedule("{\"local\":\"2027-03-28T02:30\"}").json();
    assertThat(local.path("when").toString()).isEqualTo("{\"local\":\"2027-03-28T02:30\"}");
    assertThat(local.path("resolved").get(0).has("channel")).isFalse();
  }

  @Test
  void keepsSeries() {
    String body =
        "{\"text\":\"Again\",\"channels\":[\"c7\"],\"when\":{\"local\":\"2027-03-01T02:30\","
            + "\"zone\":\"Europe/Paris\",\"repeat\":\"FREQ=DAILY\"}}";
    Http.Answer made = writer.post("/api/v1/series", body);
    assertThat(made.status()).as(made.text()).isEqualTo(201);
    JsonNode json = made.json();
    String at = made.header("Location");
    assertThat(at).isEqualTo("/api/v1/series/" + json.path("id").asString());
    assertThat(json.path("when").path("repeat").asString()).isEqualTo("FREQ=DAILY");
    assertThat(json.path("upcoming").get(0).path("at").asString())
        .isEqualTo("2027-03-28T01:30:00Z");
    assertThat(json.path("ended").asBoolean()).isFalse();
    assertThat(reader.get("/api/v1/series").json().path("items").size()).isPositive();

    assertInvalid(
        writer.post("/api/v1/series", body.replace("FREQ=DAILY", "often")), "when.repeat");
    assertInvalid(
        writer.post("/api/v1/series", body.replace(",\"repeat\":\"FREQ=DAILY\"", "")),
        "when.repeat");
    assertInvalid(writer.post("/api/v1/scheduled-posts", body), "when.repeat");

    String etag = made.header("ETag");
    Http.Answer changed = writer.put(at, body.replace("Again", "Anew"), "If-Match", etag);
    assertThat(changed.json().path("text").asString()).isEqualTo("Anew");
    assertProblem(writer.put(at, body, "If-Match", etag), 412, "stale");
    assertProblem(other.get(at), 404, "not-found");
    assertThat(writer.delete(at).status()).isEqualTo(204);
    assertProblem(writer.delete(at), 409, "conflict");
    assertThat(reader.get(at).json().path("ended").asBoolean()).isTrue();
  }

  @Test
  void tellsWhatAnOverlapBecame() {
    JsonNode resolved =
        schedule("{\"local\":\"2026-10-25T02:30\",\"zone\":\"Europe/Paris\"}")
            .json()
            .path("resolved")
            .get(0);
    assertThat(resolved.path("at").asString()).isEqualTo("2026-10-25T00:30:00Z");
    assertThat(resolved.path("adjustment").asString()).isEqualTo("OVERLAP");
    assertThat(resolved.path("note").asString()).contains("first");
  }

  @Test
  void replacesAndCancels() {
    Http.Answer made = schedule("{\"at\":\"2026-12-01T09:00:00+01:00\"}");
    String at = made.header("Location");
    assertThat(made.json().path("when").toString()).isEqualTo("{\"at\":\"2026-12-01T08:00:00Z\"}");
    String body = "{\"text\":\"Bye\",\"channels\":[\"c7\"],\"when\":{\"now\":true}}";
    Http.Answer replaced = writer.put(at, body, "If-Match", made.header("ETag"));
    assertThat(replaced.status()).isEqualTo(200);
    assertThat(replaced.json().path("text").asString()).isEqualTo("Bye");
    assertThat(replaced.json().path("deliveries").size()).isEqualTo(1);
    assertProblem(writer.put(at, body, "If-Match", made.header("ETag")), 412, "stale");
    assertProblem(other.put(at, body), 404, "not-found");
    assertProblem(other.delete(at), 404, "not-found");
    assertProblem(writer.delete(at, "If-Match", made.header("ETag")), 412, "stale");
    assertThat(writer.delete(at).status()).isEqualTo(204);
    assertThat(reader.get(at).json().path("state").asString()).isEqualTo("CANCELLED");
    assertProblem(writer.delete(at), 409, "conflict");
    assertProblem(writer.put(at, body), 409, "conflict");
    assertThat(reader.get("/api/v1/scheduled-posts").json().path("items").size()).isPositive();
  }

  @Test
  void theEtagMovesWithTheDeliveries() {
    Http.Answer made = schedule("{\"at\":\"2026-12-01T08:00:00Z\"}");
    String at = made.header("Location");
    String etag = made.header("ETag");
    assertThat(reader.get(at, "If-None-Match", etag).status()).isEqualTo(304);
    ledger.move(
        made.json().path("deliveries").get(0).path("id").asString(),
        DeliveryState.ARMED,
        Delivery.Result.NONE);
    assertThat(reader.get(at, "If-None-Match", etag).status()).isEqualTo(200);
  }

  @Test
  void showsADeliveryWithItsAttempts() {
    String id = delivery(DeliveryState.UNCONFIRMED);
    ledger.attempted(
        id,
        new Attempt(
            1,
            FakePublishing.NOW,
            FakePublishing.NOW.plusSeconds(2),
            "node-1",
            3,
            "ambiguous",
            502,
            "cut off",
            "asked later"));
    Http.Answer answer = reader.get("/api/v1/deliveries/" + id);
    assertThat(answer.header("ETag")).isNotBlank();
    JsonNode json = answer.json();
    assertThat(json.propertyNames())
        .containsExactlyInAnyOrder(
            "id",
            "scheduledPost",
            "channel",
            "state",
            "dueAt",
            "nextTryAt",
            "attempts",
            "remoteId",
            "remoteUrl",
            "lastError",
            "attemptLog");
    assertThat(json.path("lastError").asString()).isEqualTo("it went so");
    assertThat(json.path("attemptLog").toString())
        .isEqualTo(
            "[{\"number\":1,\"startedAt\":\"2026-10-01T12:00:00Z\",\"endedAt\":"
                + "\"2026-10-01T12:00:02Z\",\"node\":\"node-1\",\"fence\":3,\"outcome\":\"ambiguous\","
                + "\"httpStatus\":502,\"detail\":\"cut off\",\"next\":\"asked later\"}]");
    assertProblem(other.get("/api/v1/deliveries/" + id), 404, "not-found");
    JsonNode list = reader.get("/api/v1/deliveries?state=unconfirmed&channel=c7").json();
    assertThat(list.path("items").toString()).contains(id);
    assertThat(list.path("items").get(0).has("attemptLog")).isFalse();
  }

  @Test
  void letsAPersonDecide() {
    String failed = "/api/v1/deliveries/" + delivery(DeliveryState.FAILED);
    assertThat(writer.post(failed + "/retry", "").json().path("state").asString())
        .isEqualTo("SCHEDULED");
    assertProblem(writer.post(failed + "/retry", ""), 409, "conflict");
    assertThat(writer.post(failed + "/cancel", "").json().path("state").asString())
        .isEqualTo("CANCELLED");
    assertProblem(other.post(failed + "/cancel", ""), 404, "not-found");

    String doubt = "/api/v1/deliveries/" + delivery(DeliveryState.UNCONFIRMED) + "/confirm";
    assertInvalid(writer.post(doubt, "{}"), "published");
    assertInvalid(writer.post(doubt, "{\"published\":1}"), "published");
    JsonNode there = writer.post(doubt, "{\"published\":true,\"remoteId\":\"99\"}").json();
    assertThat(there.path("state").asString()).isEqualTo("PUBLISHED");
    assertThat(there.path("remoteId").asString()).isEqualTo("99");
    String not = "/api/v1/deliveries/" + delivery(DeliveryState.UNCONFIRMED) + "/confirm";
    assertThat(writer.post(not, "{\"published\":false}").json().path("state").asString())
        .isEqualTo("RETRY");
  }

  @Test
  void countsAndPausesTheQueue() {
    JsonNode queue = reader.get("/api/v1/queue").json();
    assertThat(queue.propertyNames())
        .containsExactlyInAnyOrder(
            "scheduled",
            "due",
            "armed",
            "retry",
            "unconfirmed",
            "failed",
            "missed",
            "published",
            "paused",
            "pausedPlatforms",
            "at");
    assertThat(admin.post("/api/v1/queue/pause", "").json().path("paused").asBoolean()).isTrue();
    assertThat(reader.get("/api/v1/queue").json().path("paused").asBoolean()).isTrue();
    assertThat(admin.post("/api/v1/queue/resume", "").json().path("paused").asBoolean()).isFalse();
    JsonNode one = admin.post("/api/v1/queue/pause?platform=mastodon", "").json();
    assertThat(one.path("paused").asBoolean()).isFalse();
    assertThat(one.path("pausedPlatforms").toString()).isEqualTo("[\"mastodon\"]");
    assertProblem(writer.post("/api/v1/queue/resume?platform=mastodon", ""), 403, "forbidden");
    assertThat(
            admin
                .post("/api/v1/queue/resume?platform=mastodon", "")
                .json()
                .path("pausedPlatforms")
                .size())
        .isZero();
  }

  @Test
  void previewsOnePostOrAPlan() {
    String post = "{\"text\":\"Hello\",\"channels\":[\"c7\"],\"when\":{\"now\":true}}";
    JsonNode one = writer.post("/api/v1/scheduled-posts/preview", post).json();
    JsonNode shown = one.path("items").get(0).path("channels").get(0);
    assertThat(shown.path("length").asInt()).isEqualTo(5);
    assertThat(shown.path("counted").toString())
        .isEqualTo("[{\"part\":null,\"count\":5,\"most\":500,\"unit\":\"characters\"}]");
    assertThat(shown.path("goesOutAt").asString()).isEqualTo("2026-10-01T13:00:00Z");
    assertThat(shown.path("heldBy").path("limit").asInt()).isEqualTo(300);
    assertThat(shown.path("similar").get(0).path("likeness").asDouble()).isEqualTo(1);
    assertThat(one.path("lastGoesOutAt").asString()).isEqualTo("2026-10-01T13:00:00Z");

    String bad = post.replace("Hello", "");
    JsonNode plan =
        writer.post("/api/v1/scheduled-posts/preview", "[" + bad + "," + post + "]").json();
    assertThat(plan.path("items").get(0).path("errors").get(0).path("field").asString())
        .isEqualTo("text");
    assertThat(plan.path("items").get(1).path("channels").size()).isEqualTo(1);
  }

  @Test
  void warnsOfWhatWasSaidAlready() {
    String post = "{\"text\":\"again\",\"channels\":[\"c7\"],\"when\":{\"now\":true}}";
    JsonNode made = writer.post("/api/v1/scheduled-posts", post).json();
    assertThat(made.path("warnings").get(0).path("field").asString()).isEqualTo("text");
    assertThat(made.path("warnings").get(0).path("message").asString()).contains("d0");
    JsonNode changed =
        writer.put("/api/v1/scheduled-posts/" + made.path("id").asString(), post).json();
    assertThat(changed.path("warnings").get(0).path("message").asString()).contains("d0");
  }

  @Test
  void tellsWhyADeliveryWaits() {
    String id = delivery(DeliveryState.SCHEDULED);
    JsonNode why = reader.get("/api/v1/deliveries/" + id + "/why").json();
    assertThat(why.propertyNames()).containsExactlyInAnyOrder("waitsFor", "until", "sentence");
    assertThat(why.path("waitsFor").asString()).isEqualTo("DUE_TIME");
    assertThat(why.path("sentence").asString()).startsWith("it is due at");
    assertProblem(reader.get("/api/v1/deliveries/none/why"), 404, "not-found");
    assertProblem(other.get("/api/v1/deliveries/" + id + "/why"), 404, "not-found");
  }

  @Test
  void emptiesTheQueueByState() {
    String id = delivery(DeliveryState.FAILED);
    assertInvalid(writer.delete("/api/v1/queue"), "state");
    assertInvalid(writer.delete("/api/v1/queue?state=LOST"), "state");
    assertInvalid(writer.delete("/api/v1/queue?state=FAILED&before=soon"), "before");
    assertInvalid(writer.delete("/api/v1/queue?state=PUBLISHED"), "state");
    assertThat(other.delete("/api/v1/queue?state=failed").json().path("cancelled").asInt())
        .isZero();
    assertThat(
            writer
                .delete("/api/v1/queue?state=failed&before=2099-01-01T00:00:00Z")
                .json()
                .path("cancelled")
                .asInt())
        .isPositive();
    assertThat(reader.get("/api/v1/deliveries/" + id).json().path("state").asString())
        .isEqualTo("CANCELLED");
  }

  @Test
  void changesHowManyCallsAPlatformTakes() {
    JsonNode worker = reader.get("/api/v1/workers").json().path("items").get(0);
    assertThat(worker.propertyNames())
        .containsExactlyInAnyOrder("platform", "concurrency", "configured", "running");
    String eight = "{\"platform\":\"mastodon\",\"concurrency\":8}";
    assertProblem(writer.put("/api/v1/workers", eight), 403, "forbidden");
    assertProblem(other.put("/api/v1/workers", eight), 403, "forbidden");
    assertThat(admin.put("/api/v1/workers", eight).json().path("concurrency").asInt()).isEqualTo(8);
    assertInvalid(
        admin.put("/api/v1/workers", "{\"platform\":\"mastodon\",\"concurrency\":0}"),
        "concurrency");
    assertInvalid(admin.put("/api/v1/workers", "{\"concurrency\":3}"), "platform");
    assertThat(
            admin
                .put("/api/v1/workers", "{\"platform\":\"mastodon\"}")
                .json()
                .path("concurrency")
                .asInt())
        .isEqualTo(4);
  }

  @Test
  void showsAndLiftsRateLimits() {
    String id = writer.post("/api/v1/channels", ChannelsTest.CHANNEL).json().path("id").asString();
    JsonNode items = reader.get("/api/v1/rate-limits?channel=" + id).json().path("items");
    assertThat(items.get(0).propertyNames())
        .containsExactlyInAnyOrder(
            "scope",
            "action",
            "windowSeconds",
            "limit",
            "used",
            "allowedAt",
            "blockedUntil",
            "reason",
            "custom");
    assertThat(items.get(0).path("scope").asString()).isEqualTo("channel:" + id);
    assertThat(items.get(0).path("windowSeconds").asLong()).isEqualTo(10_800);
    assertThat(items.get(0).path("limit").asInt()).isEqualTo(300);
    assertThat(items.get(0).path("blockedUntil").isNull()).isTrue();
    assertThat(items.get(1).path("blockedUntil").asString()).isEqualTo("2026-10-01T00:01:00Z");
    assertThat(items.get(1).path("reason").asString()).contains("429");

    writer.post("/api/v1/channels", ChannelsTest.CHANNEL);
    String all = reader.get("/api/v1/rate-limits").text();
    assertThat(all.split("app:mastodon", -1)).hasSize(2);

    assertThat(writer.delete("/api/v1/rate-limits/channel:" + id + "/block").status())
        .isEqualTo(204);
    assertThat(admin.delete("/api/v1/rate-limits/app%3Amastodon/block").status()).isEqualTo(204);
    assertThat(channels.unblocked()).contains("channel:" + id, "app:mastodon");
    assertProblem(writer.delete("/api/v1/rate-limits/nothing/block"), 404, "not-found");

    int used = items.get(0).path("used").asInt();
    Http.Answer counted =
        writer.post(
            "/api/v1/rate-limits/actions", "{\"channel\":\"" + id + "\",\"action\":\"publish\"}");
    assertThat(counted.json().path("items").get(0).path("used").asInt()).isEqualTo(used + 1);
    assertInvalid(
        writer.post(
            "/api/v1/rate-limits/actions", "{\"channel\":\"" + id + "\",\"action\":\"shout\"}"),
        "action");
    assertProblem(
        writer.post("/api/v1/rate-limits/actions", "{\"channel\":\"no\",\"action\":\"publish\"}"),
        404,
        "not-found");
    assertProblem(other.get("/api/v1/rate-limits?channel=" + id), 404, "not-found");
  }
}
