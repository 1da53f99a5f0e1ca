package io.pulsegrid.sim;

import static io.pulsegrid.sim.Visitor.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class MastodonTest {
  private static final String STATUSES = "/mastodon/api/v1/statuses";
  private static final String PUBLIC = "/mastodon/api/v1/timelines/public";
  private static final Pattern NEXT = Pattern.compile("<([^>]+)>; rel=\"next\"");

  private final HandClock clock = new HandClock();
  private final Sim sim = Sim.start(SimOptions.local(0).withClock(clock));
  private final Visitor visitor = new Visitor(sim);

  @AfterEach
  void close() {
    visitor.close();
    sim.close();
  }

  @Test
  void answersAStatusInItsRealShape() throws IOException {
    HttpResponse<String> answer =
        visitor.publish("t-paris", "Hello & <welcome>\n\nto #Paris https://a.example/x");
    assertThat(answer.statusCode()).isEqualTo(200);
    JsonNode status = json(answer);
    assertThat(status.path("id").stringValue()).matches("\\d{18}");
    assertThat(status.path("created_at").stringValue()).isEqualTo("2026-05-12T10:00:00.000Z");
    assertThat(status.path("visibility").stringValue()).isEqualTo("public");
    assertThat(status.at("/account/acct").stringValue()).isEqualTo("paris");
    assertThat(status.at("/tags/0/name").stringValue()).isEqualTo("paris");
    assertThat(status.path("content").stringValue())
        .startsWith("<p>Hello &amp; &lt;welcome&gt;</p><p>to <a href=")
        .contains("<span class=\"invisible\">https://</span>");
    assertThat(status.propertyNames())
        .contains("uri", "url", "reblog", "media_attachments", "mentions", "emojis", "card");
  }

  @Test
  void takesJsonAsWellAsForms() throws IOException {
    HttpResponse<String> answer =
        visitor.publishJson("t-a", "{\"status\":\"from JSON\",\"visibility\":\"unlisted\"}");
    assertThat(json(answer).path("visibility").stringValue()).isEqualTo("unlisted");
    assertThat(visitor.ledger().get(0).path("text").stringValue()).isEqualTo("from JSON");
    assertThat(visitor.publishJson("t-a", "{\"status\":").statusCode()).isEqualTo(400);
    assertThat(visitor.send("POST", STATUSES, "{\"status\":\"no token\"}").statusCode())
        .isEqualTo(401);
    assertThat(visitor.ledger()).hasSize(1);
  }

  @Test
  void writesTheLedgerOfWhatArrived() throws IOException {
    HttpResponse<String> answer = visitor.publish("t-paris", "one", "Idempotency-Key", "k-1");
    visitor.publish("secret", "two");
    JsonNode first = visitor.ledger().get(0);
    assertThat(first.path("platform").stringValue()).isEqualTo("mastodon");
    assertThat(first.path("account").stringValue()).isEqualTo("paris");
    assertThat(first.path("id")).isEqualTo(json(answer).path("id"));
    assertThat(first.path("text").stringValue()).isEqualTo("one");
    assertThat(first.path("idempotencyKey").stringValue()).isEqualTo("k-1");
    assertThat(first.path("at").stringValue()).isEqualTo("2026-05-12T10:00:00Z");
    assertThat(visitor.ledger().get(1).path("account").stringValue()).isEqualTo("default");
    assertThat(visitor.ledger().get(1).path("idempotencyKey").isNull()).isTrue();
  }

  @Test
  void answersTheSameStatusForTheSameKeyForAnHour() throws IOException {
    String first = json(visitor.publish("t-a", "x", "Idempotency-Key", "k")).path("id").asString();
    clock.advance(Duration.ofMinutes(59));
    String again = json(visitor.publish("t-a", "y", "Idempotency-Key", "k")).path("id").asString();
    String other = json(visitor.publish("t-b", "x", "Idempotency-Key", "k")).path("id").asString();
    clock.advance(Duration.ofMinutes(1));
    String late = json(visitor.publish("t-a", "x", "Idempotency-Key", "k")).path("id").asString();
    assertThat(again).isEqualTo(first);
    assertThat(Set.of(first, other, late)).hasSize(3);
    assertThat(visitor.ledger()).hasSize(3);
  }

  @Test
  void createsOneStatusWhenEqualKeysRace() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<Integer> post =
          () -> visitor.publish("t-a", "raced", "Idempotency-Key", "k").statusCode();
      List<Future<Integer>> answers = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        answers.add(threads.submit(post));
      }
      for (Future<Integer> answer : answers) {
        assertThat(answer.get()).isEqualTo(200);
      }
    }
    assertThat(visitor.ledger()).hasSize(1);
  }

  @Test
  void refusesWhatMastodonRefuses() throws IOException {
    refuses("t-a", "  ", 422, "Validation failed: Text can't be blank");
    refuses("t-a", "x".repeat(501), 422, "Validation failed: Text character limit of 500 exceeded");
    refuses("bad", "fine", 401, "The access token is invalid");
    assertThat(visitor.ledger()).isEmpty();
  }

  @Test
  void countsALinkAsTwentyThree() throws IOException {
    String link = "https://a.example/" + "y".repeat(300);
    assertThat(visitor.publish("t-a", "x".repeat(476) + " " + link).statusCode()).isEqualTo(200);
    assertThat(visitor.publish("t-a", "x".repeat(477) + " " + link).statusCode()).isEqualTo(422);
  }

  @Test
  void holdsAnAccountToThreeHundredInAnyThreeHours() throws IOException {
    visitor.publish("t-a", "first");
    clock.advance(Duration.ofHours(2));
    HttpResponse<String> last = visitor.publish("t-a", "second");
    for (int i = 2; i < 300; i++) {
      last = visitor.publish("t-a", "status " + i);
    }
    assertThat(last.statusCode()).isEqualTo(200);
    assertThat(last.headers().firstValue("X-RateLimit-Limit")).hasValue("300");
    assertThat(last.headers().firstValue("X-RateLimit-Remaining")).hasValue("0");
    assertThat(last.headers().firstValue("X-RateLimit-Reset"))
        .hasValue("2026-05-12T13:00:00.000000Z");
    assertThat(visitor.violations()).isEmpty();

    refuses("t-a", "too many", 429, "Too many requests");
    assertThat(visitor.publish("t-b", "another account").statusCode()).isEqualTo(200);
    JsonNode violation = visitor.violations().get(0);
    assertThat(violation.path("account").stringValue()).isEqualTo("a");
    assertThat(violation.path("limit").intValue()).isEqualTo(300);
    assertThat(violation.path("windowSeconds").intValue()).isEqualTo(10_800);
    assertThat(violation.path("count").intValue()).isEqualTo(301);

    clock.advance(Duration.ofHours(1));
    assertThat(visitor.publish("t-a", "one place is free").statusCode()).isEqualTo(200);
    refuses("t-a", "and no more", 429, "Too many requests");
    assertThat(visitor.ledger()).hasSize(302);
  }

  @Test
  void pagesTheWholeTimelineWithoutHolesOrRepeats() throws IOException {
    for (int i = 0; i < 30; i++) {
      visitor.publish("t-a", "mine " + i);
      clock.advance(Duration.ofSeconds(20));
    }
    List<String> ids = new ArrayList<>();
    String next = sim.uri() + PUBLIC + "?limit=40";
    for (int page = 0; page < 6; page++) {
      HttpResponse<String> answer = visitor.get(next);
      json(answer).forEach(status -> ids.add(status.path("id").stringValue()));
      Matcher link = NEXT.matcher(answer.headers().firstValue("Link").orElseThrow());
      assertThat(link.find()).isTrue();
      next = link.group(1);
    }
    assertThat(ids).hasSize(240).isSortedAccordingTo((a, b) -> b.compareTo(a));
    assertThat(new TreeSet<>(ids)).hasSize(240);
    JsonNode after = json(visitor.get(PUBLIC + "?limit=40&min_id=" + ids.get(100)));
    assertThat(after.get(39).path("id").stringValue()).isEqualTo(ids.get(99));
    assertThat(after.get(0).path("id").stringValue()).isEqualTo(ids.get(60));
    JsonNode since = json(visitor.get(PUBLIC + "?limit=40&since_id=" + ids.get(10)));
    assertThat(since).hasSize(10);
    assertThat(json(visitor.get(PUBLIC + "?local=true&limit=40"))).hasSize(30);
    assertThat(json(visitor.get(PUBLIC))).hasSize(20);
  }

  @Test
  void findsStatusesByTagAccountAndId() throws IOException {
    String mine = json(visitor.publish("t-a", "about #Owls")).path("id").asString();
    visitor.publish("t-b", "about cats");
    JsonNode tagged = json(visitor.get("/mastodon/api/v1/timelines/tag/owls"));
    assertThat(tagged).hasSize(1);
    assertThat(tagged.get(0).path("id").asString()).isEqualTo(mine);

    String[] token = {"Authorization", "Bearer t-a"};
    JsonNode me = json(visitor.get("/mastodon/api/v1/accounts/verify_credentials", token));
    assertThat(me.path("username").stringValue()).isEqualTo("a");
    String ofMine = "/mastodon/api/v1/accounts/" + me.path("id").asString() + "/statuses";
    assertThat(json(visitor.get(ofMine, token))).hasSize(1);
    assertThat(visitor.get("/mastodon/api/v1/accounts/1/statuses").statusCode()).isEqualTo(404);

    assertThat(json(visitor.get(STATUSES + "/" + mine)).path("id").asString()).isEqualTo(mine);
    assertThat(visitor.get(STATUSES + "/1").statusCode()).isEqualTo(404);
    String worlds = json(visitor.get(PUBLIC + "?remote=true&limit=1")).at("/0/id").asString();
    assertThat(visitor.get(STATUSES + "/" + worlds).statusCode()).isEqualTo(200);
  }

  @Test
  void showsThatTheWorldGoesOn() throws IOException {
    Instant before = newest();
    clock.advance(Duration.ofMinutes(30));
    assertThat(newest()).isAfter(before).isBeforeOrEqualTo(clock.instant());
  }

  @Test
  void tellsWhatTheInstanceAllows() throws IOException {
    JsonNode instance = json(visitor.get("/mastodon/api/v2/instance"));
    assertThat(instance.at("/configuration/statuses/max_characters").intValue()).isEqualTo(500);
    assertThat(visitor.get("/mastodon/api/v1/nothing").statusCode()).isEqualTo(404);
  }

  private Instant newest() throws IOException {
    String at = json(visitor.get(PUBLIC + "?limit=1")).at("/0/created_at").stringValue();
    return Instant.parse(at);
  }

  private void refuses(String token, String text, int status, String message) throws IOException {
    HttpResponse<String> answer = visitor.publish(token, text);
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(json(answer).path("error").stringValue()).isEqualTo(message);
  }
}
