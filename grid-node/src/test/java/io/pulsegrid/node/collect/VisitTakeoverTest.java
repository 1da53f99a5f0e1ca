package io.pulsegrid.node.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.source.Schedule;
import io.pulsegrid.core.source.Source;
import io.pulsegrid.node.store.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** A node that dies in the middle of a visit, and the next one, over real Quartz and Postgres. */
class VisitTakeoverTest {
  private static final Duration A_MINUTE = Duration.ofSeconds(60);

  private final DataSource database = TestPostgres.fresh();
  private final Mortal mortal = new Mortal(database);
  private final RememberingIntake intake = new RememberingIntake();
  private FeedServer server;
  private CollectingNode first;

  /** A node's way to the store, which ends when the node dies. */
  private static final class Mortal extends DelegatingDataSource {
    private volatile boolean dead;

    Mortal(DataSource database) {
      super(database);
    }

    @Override
    public Connection getConnection() throws SQLException {
      if (dead) {
        throw new SQLNonTransientConnectionException("the node is dead");
      }
      return super.getConnection();
    }
  }

  @BeforeEach
  void start() throws Exception {
    server = new FeedServer();
    first = node(mortal);
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
    first.close();
  }

  @Test
  void takesUpASourceWithinAMinuteWhoseNodeDiedWhileCollecting() throws Exception {
    AtomicInteger visits = new AtomicInteger();
    CountDownLatch late = new CountDownLatch(1);
    server.on(
        "/f",
        exchange -> {
          boolean first = visits.incrementAndGet() == 1;
          if (first) {
            awaitQuietly(late);
          }
          FeedServer.answer(
              exchange, 200, Map.of("ETag", first ? "\"stale\"" : "\"1\""), FeedServer.feed("A"));
        });
    Source source = hourly("/f");
    await().until(() -> visits.get() == 1);

    // What Postgres sees of a death: no word any more, and the visit's traces as they stand. Quartz
    // itself must be ended too: in one JVM its nodes share their ways to the store.
    mortal.dead = true;
    first.scheduler.shutdown(false);
    try (CollectingNode next = node(database)) {
      await()
          .atMost(A_MINUTE)
          .untilAsserted(() -> assertThat(intake.titles()).containsExactly("A"));
      await().until(() -> next.visited("collected") == 1);

      Source after = next.sources.find(WorkspaceId.DEFAULT, source.id()).orElseThrow();
      assertThat(after.position().etag()).isEqualTo("\"1\"");
      assertThat(after.health().status()).isEqualTo(Source.Status.ACTIVE);

      // As a process that was only stopped: it goes on with its visit of long ago.
      mortal.dead = false;
      late.countDown();
      await().until(() -> first.visited("overtaken") == 1);
      assertThat(next.sources.find(WorkspaceId.DEFAULT, source.id())).contains(after);
      assertThat(visits).hasValue(2);
    }
  }

  @Test
  void takesUpASourceWithinAMinuteWhoseNodeStoppedWhileCollecting() throws Exception {
    AtomicInteger visits = new AtomicInteger();
    CountDownLatch never = new CountDownLatch(1);
    server.on(
        "/f",
        exchange -> {
          if (visits.incrementAndGet() == 1) {
            awaitQuietly(never);
          }
          FeedServer.answer(exchange, 200, Map.of(), FeedServer.feed("A"));
        });
    hourly("/f");
    await().until(() -> visits.get() == 1);

    try (CollectingNode next = node(database)) {
      first.stop();
      await()
          .atMost(A_MINUTE)
          .untilAsserted(() -> assertThat(intake.titles()).containsExactly("A"));
      await().until(() -> next.visited("collected") == 1);
    } finally {
      never.countDown();
    }
  }

  @Test
  void makesUpForAVisitWithinAMinuteThatTheGridTookNothingOf() throws Exception {
    server.feed("/f", "A");
    intake.refuse(1);
    hourly("/f");
    await().until(() -> first.visited("postponed") == 1);
    assertThat(intake.titles()).isEmpty();

    await().atMost(A_MINUTE).untilAsserted(() -> assertThat(intake.titles()).containsExactly("A"));
    await().until(() -> first.visited("collected") == 1);
    assertThat(server.asked("/f")).isEqualTo(2);
  }

  @Test
  void makesUpForAVisitWithinAMinuteOfAStoreThatWasAwayBeforeItEnded() throws Exception {
    server.on(
        "/f",
        exchange -> {
          mortal.dead = server.asked("/f") == 1;
          FeedServer.answer(exchange, 200, Map.of(), FeedServer.feed("A"));
        });
    intake.refuse(1);
    hourly("/f");
    await().until(() -> intake.refusals() == 0);
    mortal.dead = false;

    await().atMost(A_MINUTE).untilAsserted(() -> assertThat(intake.titles()).containsExactly("A"));
    await().until(() -> first.visited("collected") == 1);
  }

  @Test
  void aNodeThatJoinsVisitsSourcesToo() throws Exception {
    server.on("/", exchange -> FeedServer.answer(exchange, 200, Map.of(), FeedServer.feed("A")));
    for (int i = 0; i < 12; i++) {
      first.sources.create(
          WorkspaceId.DEFAULT,
          new Source.Spec(
              "feed", server.url("/s" + i), new Schedule.Every(Duration.ofSeconds(1)), 5),
          Source.Credentials.NONE);
    }
    await().until(() -> first.visited("collected") + first.visited("not-modified") >= 12);

    try (CollectingNode joined = node(database)) {
      await()
          .atMost(A_MINUTE)
          .until(() -> joined.visited("collected") + joined.visited("not-modified") >= 12);
    }
  }

  @Test
  void visitsEachSlotOnceWhileNodesComeAndGo() throws Exception {
    server.on("/", exchange -> FeedServer.answer(exchange, 200, Map.of(), FeedServer.feed("A")));
    List<String> paths = List.of("/s0", "/s1", "/s2", "/s3");
    Instant began = Instant.now();
    for (String path : paths) {
      first.sources.create(
          WorkspaceId.DEFAULT,
          new Source.Spec("feed", server.url(path), new Schedule.Every(Duration.ofSeconds(1)), 5),
          Source.Credentials.NONE);
    }
    long overtaken = 0;
    for (int round = 0; round < 3; round++) {
      try (CollectingNode joined = node(database)) {
        await()
            .atMost(A_MINUTE)
            .until(() -> joined.visited("collected") + joined.visited("not-modified") >= 4);
        // As a node does that is asked to stop.
        joined.scheduler.standby();
        await().until(() -> joined.scheduler.getCurrentlyExecutingJobs().isEmpty());
        overtaken += joined.visited("overtaken");
      }
      int atLeaving = server.asked.size();
      await().atMost(A_MINUTE).until(() -> server.asked.size() >= atLeaving + 2 * paths.size());
    }
    overtaken += first.visited("overtaken");
    first.scheduler.standby();

    // The first at once, then one a second.
    long slots = Duration.between(began, Instant.now()).toSeconds() + 2;
    assertThat(paths).allMatch(path -> server.asked(path) <= slots);
    assertThat(overtaken).isZero();
  }

  private Source hourly(String path) {
    return first.sources.create(
        WorkspaceId.DEFAULT,
        new Source.Spec("feed", server.url(path), new Schedule.Every(Duration.ofHours(1)), 5),
        Source.Credentials.NONE);
  }

  private CollectingNode node(DataSource store) throws Exception {
    return new CollectingNode(store, intake, CollectingNode.kind(Duration.ofSeconds(50), 2), true);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}
