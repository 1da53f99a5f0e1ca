package io.pulsegrid.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.api.call.CallAnswer;
import io.pulsegrid.api.call.CallRequest;
import io.pulsegrid.api.call.Calls;
import io.pulsegrid.api.fake.FakeAudit;
import io.pulsegrid.core.access.Audit;
import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.page.PageRequest;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What programs ask is refused and answered as the same over HTTP. */
class CallsTest extends FrontTest {
  private static final String POST =
      "{\"text\":\"Said by a program\",\"channels\":[\"c1\"],\"when\":{\"now\":true}}";

  private static final PageRequest FIRST = new PageRequest(1, null);

  @Autowired private Calls calls;
  @Autowired private FakeAudit audit;

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
  void answersWhatRestAnswers() {
    String ours = text(call("pg_read", "channels.list", null, "{}"));
    assertThat(ours).isEqualTo(reader.get("/api/v1/channels").text());
  }

  private CallAnswer call(String key, String operation, @Nullable String once, String body) {
    return calls.answer(
        new CallRequest(key, "10.0.0.7", operation, once, body.getBytes(StandardCharsets.UTF_8)));
  }

  private static String text(CallAnswer answer) {
    return new String(answer.body(), StandardCharsets.UTF_8);
  }

  private static void assertRefused(CallAnswer answer, int status, String code) {
    JsonNode problem = JsonMapper.shared().readTree(answer.body());
    assertThat(problem.path("code").asString()).as(problem.toString()).isEqualTo(code);
    assertThat(answer.status()).isEqualTo(status);
  }
}
