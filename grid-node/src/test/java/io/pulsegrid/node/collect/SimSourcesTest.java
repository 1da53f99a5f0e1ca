package io.pulsegrid.node.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.source.Schedule;
import io.pulsegrid.core.source.Source;
import io.pulsegrid.node.config.SourceSettings;
import io.pulsegrid.node.store.TestPostgres;
import io.pulsegrid.sim.Sim;
import io.pulsegrid.sim.SimOptions;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.NoSuchElementException;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The stand-in's sources, well-behaved and not, as a node collects them. */
class SimSourcesTest {
  private final RememberingIntake intake = new RememberingIntake();
  private Sim sim;
  private CollectingNode node;

  @BeforeEach
  void start() throws Exception {
    sim = Sim.start(SimOptions.local(0));
    node =
        new CollectingNode(
            TestPostgres.fresh(), intake, CollectingNode.kind(Duration.ofSeconds(10), 4), true);
  }

  @AfterEach
  void stop() throws Exception {
    node.close();
    sim.close();
  }

  @Test
  void collectsFeedsAndHackerNews() {
    Source rss = create("feed", "/feeds/all.rss");
    Source atom = create("feed", "/feeds/tech.atom");
    Source top = create("hackernews", "/hackernews");

    await().atMost(Duration.ofSeconds(60)).until(() -> node.visited("collected") == 3);
    for (Source source : new Source[] {rss, atom, top}) {
      await().until(() -> find(source).health().lastCollectedAt() != null);
      assertThat(find(source).health().lastError()).isNull();
    }
    assertThat(intake.of("feed")).hasSizeGreaterThan(20);
    assertThat(intake.of("hackernews")).hasSizeGreaterThan(100);
    assertThat(intake.of("hackernews"))
        .allSatisfy(post -> assertThat(post.errors()).isEmpty())
        .allSatisfy(post -> assertThat(post.publishedAt()).isNotNull());
  }

  @Test
  void followsWhatWasStoredBeforeItsVisitBrokeOff() throws Exception {
    DataSource database = TestPostgres.fresh();
    SourceSettings.Kind plain = CollectingNode.kind(Duration.ofSeconds(30), 4);
    SourceSettings.Kind followed =
        new SourceSettings.Kind(
            plain.every(),
            plain.timeout(),
            plain.concurrency(),
            plain.priority(),
            plain.maxBytes(),
            plain.limits(),
            Duration.ofDays(30));
    intake.breakOff(1);
    // Its time stands still: both visits find the same front page.
    InstantSource now = InstantSource.fixed(Instant.now());
    try (Sim still = Sim.start(SimOptions.local(0).withClock(now));
        CollectingNode following = new CollectingNode(database, intake, followed, true)) {
      following.sources.create(
          WorkspaceId.DEFAULT,
          new Source.Spec(
              "hackernews", url(still, "/hackernews"), new Schedule.Every(Duration.ofHours(1)), 5),
          Source.Credentials.NONE);
      await().until(() -> following.visited("postponed") == 1);
      await().atMost(Duration.ofSeconds(60)).until(() -> following.visited("collected") == 1);
    }
    assertThat(
            JdbcClient.create(database)
                .sql("SELECT native_id FROM followed_post")
                .query(String.class)
                .list())
        .containsExactlyInAnyOrderElementsOf(
            intake.of("hackernews").stream().map(post -> post.content().nativeId()).toList());
  }

  @Test
  void survivesTheMisfits() {
    Source gone = create("feed", "/feeds/gone.rss");
    Source moved = create("feed", "/feeds/moved.rss");
    Source broken = create("feed", "/feeds/broken.rss");
    Source bomb = create("feed", "/feeds/bomb.rss");
    Source endless = create("feed", "/feeds/endless.rss");

    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () -> {
              assertThat(find(gone).health().status()).isEqualTo(Source.Status.GONE);
              assertThat(find(moved).spec().url()).isEqualTo(url("/feeds/tech.rss"));
              assertThat(find(broken).health().lastError()).contains("not well-formed");
              assertThat(find(bomb).health().lastError()).contains("DOCTYPE");
              assertThat(find(endless).health().lastError()).contains("larger than 100000 bytes");
            });
  }

  private Source create(String kind, String path) {
    return node.sources.create(
        WorkspaceId.DEFAULT,
        new Source.Spec(kind, url(path), new Schedule.Every(Duration.ofHours(1)), 5),
        Source.Credentials.NONE);
  }

  private Source find(Source source) {
    // Not an assertion, which would be tried again: a source that is there is found at once.
    return node.sources
        .find(WorkspaceId.DEFAULT, source.id())
        .orElseThrow(
            () ->
                new NoSuchElementException(
                    source + ", a moment later " + node.sources.unlock(source.id())));
  }

  private URI url(String path) {
    return url(sim, path);
  }

  private static URI url(Sim of, String path) {
    return URI.create("http://127.0.0.1:" + of.port() + path);
  }
}
