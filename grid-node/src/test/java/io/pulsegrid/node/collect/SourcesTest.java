package io.pulsegrid.node.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.failure.FailureCode;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.page.PageRequest;
import io.pulsegrid.core.source.Schedule;
import io.pulsegrid.core.source.Source;
import io.pulsegrid.node.store.TestPostgres;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.quartz.TriggerKey;

/** Sources from their creation to their visits, over real Quartz, Postgres and HTTP. */
class SourcesTest {
  private static final WorkspaceId US = WorkspaceId.DEFAULT;
  private static final Duration HOURLY = Duration.ofHours(1);

  private final DataSource dataSource = TestPostgres.fresh();
  private final RememberingIntake intake = new RememberingIntake();
  private FeedServer server;
  private CollectingNode node;

  @BeforeEach
  void start() throws Exception {
    server = new FeedServer();
    node =
        new CollectingNode(dataSource, intake, CollectingNode.kind(Duration.ofSeconds(4), 2), true);
  }

  @AfterEach
  void stop() throws Exception {
    node.close();
    server.close();
  }

  @Test
  void visitsANewSourceAtOnce() {
    server.on(
        "/f",
        exchange ->
            FeedServer.answer(exchange, 200, Map.of("ETag", "\"1\""), FeedServer.feed("A")));

    Source created = node.sources.create(US, spec("/f", HOURLY), Source.Credentials.NONE);

    await().untilAsserted(() -> assertThat(intake.titles()).containsExactly("A"));
    await()
        .untilAsserted(
            () -> {
              Source source = find(created);
              assertThat(source.position().etag()).isEqualTo("\"1\"");
              assertThat(source.health().lastCollectedAt()).isNotNull();
              assertThat(source.health().status()).isEqualTo(Source.Status.ACTIVE);
            });
    assertThat(server.asked("/f")).isEqualTo(1);
  }

  @Test
  void visitsAgainAndAgainAskingForChangesOnly() {
    server.on(
        "/f",
        exchange -> {
          boolean known = "\"1\"".equals(exchange.getRequestHeaders().getFirst("If-None-Match"));
          FeedServer.answer(
              exchange,
              known ? 304 : 200,
              Map.of("ETag", "\"1\""),
              known ? "" : FeedServer.feed("A"));
        });

    node.sources.create(US, spec("/f", Duration.ofSeconds(1)), Source.Credentials.NONE);

    await().until(() -> node.visited("not-modified") >= 2);
    assertThat(node.visited("collected")).isEqualTo(1);
    assertThat(intake.titles()).containsExactly("A");
  }

  @Test
  void visitsACronSourceAtOnceAndAtItsTimes() throws Exception {
    server.feed("/f", "A");

    Source source =
        node.sources.create(
            US,
            new Source.Spec("feed", server.url("/f"), new Schedule.Cron("0 0 3 * * ?"), 5),
            Source.Credentials.NONE);

    await().untilAsserted(() -> assertThat(intake.titles()).containsExactly("A"));
    Instant next =
        node.scheduler
            .getTrigger(TriggerKey.triggerKey(source.id(), VisitJob.GROUP))
            .getNextFireTime()
            .toInstant();
    assertThat(next.toString()).endsWith("T03:00:00Z");
  }

  @Test
  void visitsWhenAsked() {
    server.feed("/f", "A");
    Source source = node.sources.create(US, spec("/f", HOURLY), Source.Credentials.NONE);
    await().until(() -> node.visited("collected") == 1);
    await().until(() -> find(source).health().lastCollectedAt() != null);

    node.sources.collectNow(US, source.id());

    await().until(() -> server.asked("/f") == 2);
  }

  @Test
  void neverLetsSourcesThatHangOrFailDelayTheOthers() {
    for (int i = 0; i < 6; i++) {
      server.hangs("/hang" + i);
      node.sources.create(
          US,
          new Source.Spec("feed", server.url("/hang" + i), every(HOURLY), 9),
          Source.Credentials.NONE);
    }
    server.status("/broken", 500, Map.of());
    node.sources.create(US, spec("/broken", HOURLY), Source.Credentials.NONE);
    server.feed("/good", "A");

    node.sources.create(
        US,
        new Source.Spec("feed", server.url("/good"), every(HOURLY), 0),
        Source.Credentials.NONE);

    await()
        .atMost(Duration.ofSeconds(8))
        .untilAsserted(() -> assertThat(intake.titles()).containsExactly("A"));
  }

  @Test
  void countsFailuresAndRecovers() {
    AtomicBoolean well = new AtomicBoolean();
    server.on(
        "/f",
        exchange ->
            FeedServer.answer(
                exchange,
                well.get() ? 200 : 503,
                Map.of(),
                well.get() ? FeedServer.feed("A") : ""));
    Source source =
        node.sources.create(US, spec("/f", Duration.ofSeconds(1)), Source.Credentials.NONE);

    await()
        .untilAsserted(
            () -> {
              Source.Health health = find(source).health();
              assertThat(health.status()).isEqualTo(Source.Status.FAILING);
              assertThat(health.failuresInRow()).isGreaterThanOrEqualTo(2);
              assertThat(health.lastError()).isEqualTo("the feed answered 503");
              assertThat(health.notBefore()).isNotNull();
            });
    well.set(true);

    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> {
              Source.Health health = find(source).health();
              assertThat(health.status()).isEqualTo(Source.Status.ACTIVE);
              assertThat(health.failuresInRow()).isZero();
              assertThat(health.lastError()).isNull();
            });
  }

  @Test
  void staysAwayForAsLongAsItWasAskedTo() {
    server.status("/f", 429, Map.of("Retry-After", "3600"));
    Source source =
        node.sources.create(US, spec("/f", Duration.ofSeconds(1)), Source.Credentials.NONE);
    await().until(() -> find(source).health().status() == Source.Status.FAILING);

    await().during(Duration.ofSeconds(3)).until(() -> server.asked("/f") == 1);
    assertThat(find(source).health().notBefore())
        .isAfter(Instant.now().plus(Duration.ofMinutes(50)));
  }

  @Test
  void endsASourceThatIsGoneUntilSomebodyChangesIt() throws Exception {
    server.status("/f", 410, Map.of());
    server.feed("/g", "A");
    Source source =
        node.sources.create(US, spec("/f", Duration.ofSeconds(1)), Source.Credentials.NONE);
    await().until(() -> find(source).health().status() == Source.Status.GONE);
    TriggerKey key = TriggerKey.triggerKey(source.id(), VisitJob.GROUP);
    assertThat(node.scheduler.checkExists(key)).isFalse();
    refuses(FailureCode.CONFLICT, () -> node.sources.collectNow(US, source.id()));

    node.sources.update(US, source.id(), spec("/g", HOURLY), null, OptionalLong.empty());

    await().untilAsserted(() -> assertThat(intake.titles()).containsExactly("A"));
    await().until(() -> find(source).health().status() == Source.Status.ACTIVE);
  }

  @Test
  void followsAFeedThatMoved() {
    server.status("/old", 301, Map.of("Location", "/new"));
    server.feed("/new", "A");

    Source source = node.sources.create(US, spec("/old", HOURLY), Source.Credentials.NONE);

    await()
        .untilAsserted(() -> assertThat(find(source).spec().url()).isEqualTo(server.url("/new")));
    assertThat(find(source).version()).isEqualTo(source.version() + 1);
    assertThat(intake.titles()).containsExactly("A");
  }

  @Test
  void keepsThePositionUntilThePostsAreStored() {
    AtomicInteger answers = new AtomicInteger();
    server.on(
        "/f",
        exchange -> {
          answers.incrementAndGet();
          FeedServer.answer(exchange, 200, Map.of("ETag", "\"1\""), FeedServer.feed("A"));
        });
    intake.refuse(1);

    Source source =
        node.sources.create(US, spec("/f", Duration.ofSeconds(1)), Source.Credentials.NONE);

    await().until(() -> node.visited("postponed") == 1);
    assertThat(find(source).position()).isEqualTo(Source.Position.START);
    assertThat(find(source).health().failuresInRow()).isZero();
    await().untilAsserted(() -> assertThat(intake.titles()).containsExactly("A"));
    assertThat(answers).hasValueGreaterThanOrEqualTo(2);
  }

  @Test
  void forgetsThePositionWhenTheUrlChanges() {
    server.feed("/f", "A");
    server.feed("/g", "B");
    Source source = node.sources.create(US, spec("/f", HOURLY), Source.Credentials.NONE);
    await().until(() -> find(source).position().cursor() != null);

    Source same =
        node.sources.update(
            US,
            source.id(),
            spec("/f", Duration.ofHours(2)),
            null,
            OptionalLong.of(source.version()));
    assertThat(same.position().cursor()).isNotNull();
    assertThat(same.spec().schedule()).isEqualTo(every(Duration.ofHours(2)));

    Source other =
        node.sources.update(
            US, source.id(), spec("/g", HOURLY), null, OptionalLong.of(same.version()));
    assertThat(other.position()).isEqualTo(Source.Position.START);
    await().untilAsserted(() -> assertThat(intake.titles()).contains("B"));
  }

  @Test
  void letsNoVisitWriteThatLostItsClaim() {
    server.feed("/f", "A");
    Source source = node.sources.create(US, spec("/f", HOURLY), Source.Credentials.NONE);
    await().until(() -> find(source).position().cursor() != null);
    Instant slot = Instant.now();
    VisitLedger.Visit stale = node.visits.claim(claim(source, slot, false)).orElseThrow();

    assertThat(node.visits.claim(claim(source, slot, false))).as("same slot").isEmpty();
    assertThat(node.visits.claim(claim(source, slot.plusSeconds(60), false)))
        .as("while one is under way")
        .isEmpty();
    VisitLedger.Visit fresh =
        node.visits
            .claim(new VisitLedger.Claim(source.id(), slot, false, true, Duration.ofMinutes(1)))
            .orElseThrow();

    Source.Position late = new Source.Position("late", null, null);
    Source.Position right = new Source.Position("right", null, null);
    assertThat(node.visits.succeed(stale, late, null)).isFalse();
    assertThat(node.visits.succeed(fresh, right, null)).isTrue();
    assertThat(find(source).position()).isEqualTo(right);
    assertThat(node.visits.claim(claim(source, slot, false))).as("a slot once").isEmpty();
    assertThat(node.visits.claim(claim(source, slot, true))).as("unless asked").isPresent();
  }

  @Test
  void refusesWhatCannotBeCollected() {
    refusesField("kind", new Source.Spec("carrier-pigeon", server.url("/f"), every(HOURLY), 5));
    refusesField("url", new Source.Spec("feed", URI.create("ftp://x.test/f"), every(HOURLY), 5));
    refusesField("cron", new Source.Spec("feed", server.url("/f"), new Schedule.Cron("often"), 5));
    refusesField(
        "cron",
        new Source.Spec("feed", server.url("/f"), new Schedule.Cron("0 0 0 1 1 ? 2001"), 5));
    refusesField("every", spec("/f", Duration.ofDays(5000)));
    assertThat(node.sources.list(US, PageRequest.first()).items()).isEmpty();
  }

  @Test
  void refusesAPrivateAddressWherePrivateOnesAreOff() throws Exception {
    try (CollectingNode wary =
        new CollectingNode(
            TestPostgres.fresh(), intake, CollectingNode.kind(Duration.ofSeconds(4), 2), false)) {
      assertThatThrownBy(() -> wary.sources.check(spec("/f", HOURLY), Source.Credentials.NONE))
          .isInstanceOfSatisfying(
              PulsegridException.class,
              refused -> {
                assertThat(refused.code()).isEqualTo(FailureCode.INVALID);
                assertThat(refused.errors().getFirst().field()).isEqualTo("url");
              });
    }
  }

  @Test
  void keepsWorkspacesAndVersionsApart() {
    server.feed("/f", "A");
    Source source = node.sources.create(US, spec("/f", HOURLY), Source.Credentials.NONE);
    WorkspaceId others = new WorkspaceId("others");

    assertThat(node.sources.find(others, source.id())).isEmpty();
    assertThat(node.sources.list(others, PageRequest.first()).items()).isEmpty();
    refuses(
        FailureCode.NOT_FOUND,
        () -> node.sources.delete(others, source.id(), OptionalLong.empty()));
    refuses(FailureCode.NOT_FOUND, () -> node.sources.collectNow(others, source.id()));
    refuses(
        FailureCode.STALE,
        () -> node.sources.update(US, source.id(), spec("/f", HOURLY), null, OptionalLong.of(99)));
  }

  @Test
  void listsInPagesAndDeletes() throws Exception {
    server.feed("/f", "A");
    List<String> made = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      made.add(node.sources.create(US, spec("/f", HOURLY), Source.Credentials.NONE).id());
    }

    List<String> listed = new ArrayList<>();
    @Nullable String cursor = null;
    do {
      var page = node.sources.list(US, new PageRequest(2, cursor));
      page.items().forEach(source -> listed.add(source.id()));
      cursor = page.next();
    } while (cursor != null);
    assertThat(listed).containsExactlyElementsOf(made);

    refuses(FailureCode.STALE, () -> node.sources.delete(US, made.getFirst(), OptionalLong.of(99)));
    node.sources.delete(US, made.getFirst(), OptionalLong.of(1));
    assertThat(node.sources.find(US, made.getFirst())).isEmpty();
    assertThat(node.scheduler.checkExists(TriggerKey.triggerKey(made.getFirst(), VisitJob.GROUP)))
        .isFalse();
  }

  @Test
  void leavesNoSourceBehindWhenItsPlanCannotBeKept() throws Exception {
    node.scheduler.shutdown();

    assertThatThrownBy(() -> node.sources.create(US, spec("/f", HOURLY), Source.Credentials.NONE))
        .isInstanceOf(PulsegridException.class);
    assertThat(node.sources.list(US, PageRequest.first()).items()).isEmpty();
  }

  @Test
  void visitsEachSlotOnceWithTwoNodes() throws Exception {
    server.on("/", exchange -> FeedServer.answer(exchange, 200, Map.of(), FeedServer.feed("A")));
    try (CollectingNode other =
        new CollectingNode(
            dataSource, intake, CollectingNode.kind(Duration.ofSeconds(4), 2), true)) {
      List<Source> sources = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        sources.add(
            node.sources.create(
                US, spec("/s" + i, Duration.ofSeconds(1)), Source.Credentials.NONE));
      }
      Instant started = Instant.now();
      await().atMost(Duration.ofSeconds(30)).until(() -> server.asked.size() >= 30);
      // Counted before the end: a visit under way to a source that is deleted is overtaken by that.
      long overtaken = node.visited("overtaken") + other.visited("overtaken");
      sources.forEach(source -> node.sources.delete(US, source.id(), OptionalLong.empty()));
      long seconds = Duration.between(started, Instant.now()).toSeconds() + 2;

      assertThat(server.asked.size()).isLessThanOrEqualTo((int) (5 * seconds));
      assertThat(overtaken).isZero();
      assertThat(other.visited("collected") + other.visited("not-modified")).isPositive();
    }
  }

  private void refusesField(String field, Source.Spec spec) {
    assertThatThrownBy(() -> node.sources.check(spec, Source.Credentials.NONE))
        .isInstanceOfSatisfying(
            PulsegridException.class,
            refused -> {
              assertThat(refused.code()).isEqualTo(FailureCode.INVALID);
              assertThat(refused.errors()).extracting("field").containsExactly(field);
            });
  }

  private static void refuses(FailureCode code, Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            PulsegridException.class, refused -> assertThat(refused.code()).isEqualTo(code));
  }

  private static VisitLedger.Claim claim(Source source, Instant slot, boolean asked) {
    return new VisitLedger.Claim(source.id(), slot, asked, false, Duration.ofMinutes(1));
  }

  private Source find(Source source) {
    return node.sources.find(US, source.id()).orElseThrow();
  }

  private Source.Spec spec(String path, Duration interval) {
    return new Source.Spec("feed", server.url(path), every(interval), 5);
  }

  private static Schedule every(Duration interval) {
    return new Schedule.Every(interval);
  }
}
