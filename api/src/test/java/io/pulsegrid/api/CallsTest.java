package io.pulsegrid.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.api.call.CallAnswer;
import io.pulsegrid.api.call.CallRequest;
import io.pulsegrid.api.call.Calls;
import io.pulsegrid.api.fake.FakeAudit;
import io.pulsegrid.api.fake.FakePublishing;
import io.pulsegrid.api.fake.FakeTelling;
import io.pulsegrid.core.access.Audit;
import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.page.PageRequest;
import io.pulsegrid.core.publish.Delivery;
import io.pulsegrid.core.publish.DeliveryState;
import io.pulsegrid.core.telling.Alert;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What programs ask is refused and answered as the same over HTTP. */
class CallsTest extends FrontTest {
  private static final String POST =
      "{\"text\":\"Said by a program\",\"channels\":[\"c1\"],\"when\":{\"now\":true}}";

  private static final String CHANNEL =
      "{\"platform\":\"mastodon\",\"handle\":\"@me\",\"baseUrl\":\"https://social.example\","
          + "\"credentials\":{\"accessToken\":\"t-calls\"},\"zone\":\"Europe/Paris\"}";

  private static final PageRequest FIRST = new PageRequest(1, null);
  private static final PageRequest MANY = new PageRequest(500, null);

  @Autowired private Calls calls;
  @Autowired private FakeAudit audit;
  @Autowired private FakePublishing ledger;
  @Autowired private FakeTelling telling;

  @Test
  void knowsKeysAndTheirScopes() {
    assertRefused(call("", "hello", null, "{}"), 401, "unauthenticated");
    assertRefused(call("pg_wrong", "hello", null, "{}"), 401, "unauthenticated");
    assertRefused(call("pg_read", "scheduledPosts.create", null, POST), 403, "forbidden");
    assertThat(call("pg_read", "hello", null, "{}").status()).isEqualTo(200);
  }

  @Test
  void refusesWhatItCannotRead() {
    assertRefused(call("pg_read", "posts.paint", null, "{}"), 404, "not-found");
    assertRefused(call("pg_read", "posts.get", null, "{"), 400, "malformed");
    assertRefused(call("pg_read", "posts.get", null, "null"), 400, "malformed");
    assertRefused(call("pg_read", "posts.get", null, "{\"id\":\" \"}"), 422, "invalid");
    assertRefused(call("pg_read", "posts.list", null, "{}"), 422, "invalid");
    assertRefused(call("pg_read", "posts.get", null, "{\"id\":\"x\",\"y\":1}"), 422, "invalid");
    assertRefused(call("pg_read", "posts.get", null, " ".repeat(1 << 21)), 413, "too-large");
    assertRefused(call("pg_read", "posts.get", null, "{\"id\":\"none\"}"), 404, "not-found");
    assertRefused(call("pg_write", "posts.import", null, "{}"), 400, "malformed");
  }

  @Test
  void doesOnceWhatIsAskedTwiceUnderOneKey() {
    CallAnswer first = call("pg_write", "scheduledPosts.create", "one", POST);
    assertThat(first.status()).as(text(first)).isEqualTo(201);
    assertThat(text(call("pg_write", "scheduledPosts.create", "one", POST))).isEqualTo(text(first));
    assertRefused(
        call("pg_write", "scheduledPosts.create", "one", POST.replace("Said", "Sung")),
        422,
        "idempotency-key-reused");
    assertThat(text(call("pg_write", "scheduledPosts.create", null, POST)))
        .isNotEqualTo(text(first));
  }

  @Test
  void isWrittenDownAsChangesOverHttpAre() {
    assertThat(call("pg_write", "scheduledPosts.create", "written", POST).status()).isEqualTo(201);
    Audit.Entry entry = audit.list(WorkspaceId.DEFAULT, FIRST).items().getFirst();
    assertThat(entry.status()).isEqualTo(201);
    assertThat(entry.change().origin()).isEqualTo("10.0.0.7");
    assertThat(entry.change().path()).isEqualTo("scheduledPosts.create");

    audit.away(true);
    try {
      assertRefused(call("pg_write", "scheduledPosts.create", "away", POST), 503, "unavailable");
      assertThat(call("pg_read", "channels.list", null, "{}").status()).isEqualTo(200);
    } finally {
      audit.away(false);
    }
  }

  @Test
  void tellsWhatWasChangedAndWhereWhatWasMadeIsFound() {
    String id = scheduled("Told of").path("id").asString();
    Audit.Entry made = audit.list(WorkspaceId.DEFAULT, FIRST).items().getFirst();
    assertThat(made.subject()).isEqualTo("/api/v1/scheduled-posts/" + id);
    assertThat(call("pg_write", "scheduledPosts.cancel", null, one(id)).status()).isEqualTo(204);
    Audit.Entry cancelled = audit.list(WorkspaceId.DEFAULT, FIRST).items().getFirst();
    assertThat(cancelled.change().path()).isEqualTo("scheduledPosts.cancel " + id);
  }

  @Test
  void answersWhatRestAnswers() {
    String delivery = deliveryOf(scheduled("Shown twice"));
    String channel = writer.post("/api/v1/channels", CHANNEL).json().path("id").asString();
    telling.add(Samples.alert("both", Alert.Kind.FAILED, Samples.NOON));
    assertSame("channels.list", "{}", "/channels");
    assertSame("scheduledPosts.list", "{\"limit\":2}", "/scheduled-posts?limit=2");
    assertSame("deliveries.why", one(delivery), "/deliveries/" + delivery + "/why");
    assertSame("deliveries.engagement", one(delivery), "/deliveries/" + delivery + "/engagement");
    assertSame("queue.get", "{}", "/queue");
    assertSame(
        "limits.list", "{\"channel\":\"" + channel + "\"}", "/rate-limits?channel=" + channel);
    assertSame(
        "alerts.list",
        "{\"kind\":\"failed\",\"since\":\"2026-10-01T00:00:00Z\",\"open\":true,\"page\":{}}",
        "/alerts?kind=failed&since=2026-10-01T00:00:00Z&open=true");
    assertSame(
        "trends.list",
        "{\"at\":\"2026-10-01T10:30:00Z\",\"page\":{}}",
        "/trends?at=2026-10-01T10:30:00Z");
    telling.clearAlerts();
  }

  @Test
  void editsAScheduledPostAndNamesItsFieldsAsRestDoes() {
    String id = scheduled("As it was").path("id").asString();
    String edit = "{\"id\":\"" + id + "\",\"post\":" + POST.replace("Said", "Edited") + "}";
    CallAnswer edited = call("pg_write", "scheduledPosts.replace", "edit", edit);
    assertThat(text(edited)).contains("Edited by a program");
    assertThat(text(call("pg_write", "scheduledPosts.replace", "edit", edit)))
        .isEqualTo(text(edited));
    CallAnswer refused =
        call(
            "pg_write",
            "scheduledPosts.replace",
            null,
            "{\"id\":\""
                + id
                + "\",\"post\":{\"text\":\"\",\"channels\":[\"c1\"],\"when\":{\"now\":true}}}");
    assertInvalid(refused, "text");
    assertInvalid(call("pg_write", "scheduledPosts.replace", null, edit(id, 2, "null")), "post");
    assertRefused(call("pg_read", "scheduledPosts.replace", null, edit), 403, "forbidden");
  }

  @Test
  void refusesAnEditOfWhatHasChangedSinceItWasRead() {
    JsonNode read = scheduled("As it was read");
    String id = read.path("id").asString();
    long version = read.path("version").asLong();
    String edit = edit(id, version, POST.replace("Said", "Sung"));
    JsonNode edited = json(call("pg_write", "scheduledPosts.replace", "sung", edit));
    long now = edited.path("version").asLong();
    assertThat(now).isGreaterThan(version);
    assertThat(reader.get("/api/v1/scheduled-posts/" + id).header("ETag"))
        .startsWith("\"" + now + "-");
    assertThat(text(call("pg_write", "scheduledPosts.replace", "sung", edit)))
        .as("the same edit, asked for again")
        .isEqualTo(edited.toString());

    assertRefused(call("pg_write", "scheduledPosts.replace", null, edit), 412, "stale");
    String end = "{\"id\":\"%s\",\"version\":%s}";
    assertRefused(
        call("pg_write", "scheduledPosts.cancel", null, end.formatted(id, version)), 412, "stale");
    assertInvalid(
        call("pg_write", "scheduledPosts.cancel", null, end.formatted(id, "\"1\"")), "version");
    assertRefused(
        call("pg_other", "scheduledPosts.cancel", null, end.formatted(id, now)), 404, "not-found");
    assertThat(text(call("pg_read", "scheduledPosts.get", null, one(id))))
        .as("after all that was refused")
        .isEqualTo(edited.toString());
    assertThat(call("pg_write", "scheduledPosts.cancel", null, end.formatted(id, now)).status())
        .isEqualTo(204);
  }

  private static String edit(String id, long version, String post) {
    return "{\"id\":\"%s\",\"version\":%d,\"post\":%s}".formatted(id, version, post);
  }

  @Test
  void countsWhatWasDoneElsewhereOnce() {
    String channel = writer.post("/api/v1/channels", CHANNEL).json().path("id").asString();
    String action = "{\"channel\":\"" + channel + "\",\"action\":\"publish\"}";
    assertRefused(call("pg_read", "limits.record", null, action), 403, "forbidden");
    assertRefused(call("pg_other", "limits.record", null, action), 404, "not-found");
    assertInvalid(
        call("pg_write", "limits.record", null, action.replace("publish", "shout")), "action");
    assertInvalid(call("pg_write", "limits.record", null, "{\"action\":\"publish\"}"), "channel");
    int before = used(call("pg_read", "limits.list", null, "{\"channel\":\"" + channel + "\"}"));
    for (int times = 0; times < 2; times++) {
      assertThat(used(call("pg_write", "limits.record", "seen", action))).isEqualTo(before + 1);
    }
    assertThat(used(call("pg_write", "limits.record", null, action))).isEqualTo(before + 2);
  }

  private static int used(CallAnswer limits) {
    return json(limits).at("/items/0/used").asInt(-1);
  }

  @Test
  void repeatsAPostUntilItIsToldToEnd() {
    String daily =
        POST.replace(
            "{\"now\":true}",
            "{\"local\":\"2027-03-28T02:30\",\"zone\":\"Europe/Paris\",\"repeat\":\"FREQ=DAILY\"}");
    assertRefused(call("pg_read", "series.begin", null, daily), 403, "forbidden");
    assertInvalid(
        call("pg_write", "series.begin", null, daily.replace("FREQ=DAILY", "often")),
        "when.repeat");
    JsonNode begun = json(call("pg_write", "series.begin", "daily", daily));
    assertThat(text(call("pg_write", "series.begin", "daily", daily))).isEqualTo(begun.toString());
    String id = begun.path("id").asString();
    assertSame("series.get", one(id), "/series/" + id);
    assertSame("series.list", "{}", "/series");

    String edit = edit(id, begun.path("version").asLong(), daily.replace("Said", "Sung"));
    assertThat(text(call("pg_write", "series.replace", null, edit))).contains("Sung by a program");
    assertRefused(call("pg_write", "series.replace", null, edit), 412, "stale");
    assertInvalid(
        call("pg_write", "series.replace", null, edit.replace("Sung by a program", "")), "text");
    assertInvalid(call("pg_write", "series.replace", null, edit(id, 2, "{\"x\":1}")), "x");
    assertInvalid(call("pg_write", "series.replace", null, edit(id, 2, "null")), "post");
    assertRefused(call("pg_other", "series.end", null, one(id)), 404, "not-found");
    assertThat(call("pg_write", "series.end", null, one(id)).status()).isEqualTo(204);
    assertRefused(call("pg_write", "series.end", null, one(id)), 409, "conflict");
  }

  @Test
  void previewsForThoseWhoMayScheduleAndWritesNothingDown() {
    String plan = "{\"posts\":[" + POST + "]}";
    assertRefused(call("pg_read", "scheduledPosts.preview", null, plan), 403, "forbidden");
    int entries = audit.list(WorkspaceId.DEFAULT, MANY).items().size();
    assertThat(text(call("pg_write", "scheduledPosts.preview", null, plan)))
        .isEqualTo(writer.post("/api/v1/scheduled-posts/preview", "[" + POST + "]").text());
    assertThat(audit.list(WorkspaceId.DEFAULT, MANY).items()).hasSize(entries);
  }

  @Test
  void decidesWhatADeliveryWaitsFor() {
    String failed = moved(DeliveryState.FAILED);
    CallAnswer retried = call("pg_write", "deliveries.retry", "again", one(failed));
    assertThat(json(retried).path("state").asString()).isEqualTo("SCHEDULED");
    assertThat(text(call("pg_write", "deliveries.retry", "again", one(failed))))
        .as("under the same key")
        .isEqualTo(text(retried));
    assertRefused(call("pg_write", "deliveries.retry", null, one(failed)), 409, "conflict");
    CallAnswer cancelled = call("pg_write", "deliveries.cancel", null, one(failed));
    assertThat(json(cancelled).path("state").asString()).isEqualTo("CANCELLED");

    String doubtful = moved(DeliveryState.UNCONFIRMED);
    CallAnswer undecided =
        call("pg_write", "deliveries.confirm", null, "{\"id\":\"" + doubtful + "\",\"word\":{}}");
    assertInvalid(undecided, "published");
    String word = "{\"id\":\"" + doubtful + "\",\"word\":{\"published\":true,\"remoteId\":\"r1\"}}";
    CallAnswer confirmed = call("pg_write", "deliveries.confirm", null, word);
    assertThat(json(confirmed).path("remoteId").asString()).isEqualTo("r1");
    for (String decision : List.of("retry", "cancel", "confirm")) {
      assertRefused(call("pg_read", "deliveries." + decision, null, word), 403, "forbidden");
    }
    assertRefused(call("pg_other", "deliveries.retry", null, one(failed)), 404, "not-found");
  }

  private String moved(DeliveryState state) {
    String id = deliveryOf(scheduled("It went " + state));
    ledger.move(id, state, Delivery.Result.NONE);
    return id;
  }

  private JsonNode scheduled(String text) {
    return json(
        call("pg_write", "scheduledPosts.create", null, POST.replace("Said by a program", text)));
  }

  private static String deliveryOf(JsonNode post) {
    return post.at("/deliveries/0/id").asString();
  }

  private static String one(String id) {
    return "{\"id\":\"" + id + "\"}";
  }

  private void assertSame(String operation, String asked, String path) {
    CallAnswer ours = call("pg_read", operation, null, asked);
    assertThat(ours.status()).as(text(ours)).isEqualTo(200);
    assertThat(text(ours)).as(operation).isEqualTo(reader.get("/api/v1" + path).text());
  }

  private CallAnswer call(String key, String operation, @Nullable String once, String body) {
    return calls.answer(
        new CallRequest(key, "10.0.0.7", operation, once, body.getBytes(StandardCharsets.UTF_8)));
  }

  private static String text(CallAnswer answer) {
    return new String(answer.body(), StandardCharsets.UTF_8);
  }

  private static JsonNode json(CallAnswer answer) {
    return JsonMapper.shared().readTree(answer.body());
  }

  private static void assertInvalid(CallAnswer answer, String field) {
    assertRefused(answer, 422, "invalid");
    assertThat(json(answer).at("/errors/0/field").asString()).isEqualTo(field);
  }

  private static void assertRefused(CallAnswer answer, int status, String code) {
    JsonNode problem = json(answer);
    assertThat(problem.path("code").asString()).as(problem.toString()).isEqualTo(code);
    assertThat(answer.status()).isEqualTo(status);
  }
}
