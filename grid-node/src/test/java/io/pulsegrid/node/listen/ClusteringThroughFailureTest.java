package io.pulsegrid.node.listen;

import static io.pulsegrid.node.listen.ListeningFixture.WORKSPACE;
import static io.pulsegrid.node.listen.ListeningFixture.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pulsegrid.core.page.PageRequest;
import io.pulsegrid.core.post.Engagement;
import io.pulsegrid.core.post.IncomingPost;
import io.pulsegrid.core.post.Post;
import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.post.Stage;
import io.pulsegrid.core.search.Embedder;
import io.pulsegrid.core.trend.Trend;
import io.pulsegrid.core.trend.TrendId;
import io.pulsegrid.node.grid.wire.PostChange;
import io.pulsegrid.node.grid.wire.PostWire;
import io.pulsegrid.node.store.TestPostgres;
import io.pulsegrid.node.store.TestStore;
import io.pulsegrid.node.store.telling.SubscriptionQueue;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusteringThroughFailureTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final int BATCHES = 12;
  private static final int EACH = 60;
  private static final List<String> STORIES =
      List.of(
          "Volcano erupts near the harbour of Reykjavik",
          "Central bank raises interest rates to five percent",
          "New telescope finds water on a distant planet",
          "Football champions lose the cup final on penalties",
          "Floods close the main road into Madrid",
          "A browser engine written from scratch in Rust");

  /** What nobody spoke of before. */
  private static final String BURST = "Earthquake shakes the coast of Chile";

  private static final int BURST_FROM = 2;
  private static final List<String> OPENINGS =
      List.of("Breaking", "Report", "Just in", "Watch", "Update", "Live", "Analysis");

  private static Embedder model;

  @TempDir Path directory;

  @BeforeAll
  static void loadTheModel(@TempDir Path cache) {
    model = ListeningFixture.model(cache);
  }

  @AfterAll
  static void unloadTheModel() {
    model.close();
  }

  @Test
  void threeNodesWhoseWriterDiesMakeTheTrendsOfOneThatIsLeftInPeace() throws SQLException {
    Outcome undisturbed;
    try (ListeningFixture grid = grid(1, "one")) {
      for (int batch = 0; batch < BATCHES; batch++) {
        grid.first().intake().take(WORKSPACE, batch(batch));
      }
      undisturbed = outcome(grid);
    }
    TestStore store = TestStore.fresh();
    // Told of every trend that rises, by whichever node looks.
    store
        .jdbc()
        .sql("INSERT INTO subscription (id, workspace, min_score) VALUES ('all', 'default', 0)")
        .update();
    SubscriptionQueue rising = new SubscriptionQueue(store.jdbc(), store.transaction());
    try (ListeningFixture grid =
        new ListeningFixture(
            3, store.source(), directory.resolve("three"), model, InstantSource.system())) {
      for (int batch = 0; batch < BATCHES; batch++) {
        if (batch == BATCHES / 2) {
          // In the middle of its work: some posts are clustered, some saved, some neither.
          await()
              .pollInterval(Duration.ofMillis(20))
              .atMost(Duration.ofSeconds(60))
              .until(() -> clustered(grid) > EACH);
          grid.kill(writer(grid));
        }
        grid.first().intake().take(WORKSPACE, batch(batch));
        tellAll(rising);
      }
      Outcome disturbed = outcome(grid);
      tellAll(rising);
      assertEachRiseWasToldOnce(store);
      assertThat(disturbed.trendOfPost()).isEqualTo(undisturbed.trendOfPost());
      assertThat(disturbed.originalOfPost()).isEqualTo(undisturbed.originalOfPost());
      assertThat(disturbed.trends()).isEqualTo(undisturbed.trends());
      assertThat(grid.first().verification().run(false).differences()).isEmpty();
    }
    assertThat(undisturbed.trends()).hasSizeGreaterThan(3);
    assertThat(undisturbed.originalOfPost()).isNotEmpty();
  }

  private static void tellAll(SubscriptionQueue rising) {
    int _ =
        rising.look(
            1_000,
            Duration.ofMinutes(1),
            (asked, trends) ->
                trends.stream()
                    .map(it -> new SubscriptionQueue.Match(asked.getFirst(), it))
                    .toList());
  }

  /** Neither twice by the writer's successor, nor by nobody. */
  private static void assertEachRiseWasToldOnce(TestStore store) {
    List<String> told =
        store
            .jdbc()
            .sql("SELECT trend FROM alert WHERE kind = 'TREND_EMERGED'")
            .query(String.class)
            .list();
    assertThat(told).isNotEmpty().doesNotHaveDuplicates();
    assertThat(
            store
                .jdbc()
                .sql(
                    """
                    SELECT id FROM trend t WHERE post_count > 1
                      AND (history @> '[{"state":"EMERGING"}]' OR history @> '[{"state":"RISING"}]')
                      AND NOT EXISTS (SELECT FROM alert a WHERE a.trend = t.id OR a.trend IN (
                        SELECT alias FROM trend_alias WHERE trend_id = t.id))
                    """)
                .query(String.class)
                .list())
        .isEmpty();
    assertThat(
            store
                .jdbc()
                .sql("SELECT count(*) FROM outbox WHERE subject = 'alert'")
                .query(Integer.class)
                .single())
        .isEqualTo(told.size());
  }

  @Test
  void aPostThatComesAfterItsPlaceHasPassedGoesToTheEnd() throws SQLException {
    try (ListeningFixture grid = grid(1, "late")) {
      grid.first().intake().take(WORKSPACE, batch(0));
      grid.settle();
      // As the work of a node does that is finished after the death of the one that asked for it.
      PostId late = PostId.of(WORKSPACE, "test", "late");
      grid.first()
          .caches()
          .posts()
          .invoke(
              late.value(), new PostChange.Take(wire("late", "A late word on the matter"), 1, 1));
      grid.settle();
      assertThat(wire(grid, late).sequence()).isGreaterThan(EACH);
      assertThat(wire(grid, late).trendId()).isNotNull();
    }
  }

  @Test
  void whatAWriterOfBeforeStillPlacesIsTakenBack() throws SQLException {
    try (ListeningFixture grid = grid(1, "stale")) {
      grid.first().intake().take(WORKSPACE, batch(0));
      grid.settle();
      // Its place lies beyond all that are given: this writer does not come to it.
      PostId id = PostId.of(WORKSPACE, "test", "beyond");
      var posts = grid.first().caches().posts();
      posts.invoke(id.value(), new PostChange.Take(wire("beyond", "Beyond all"), 1_000_000, 1));
      await().until(() -> wire(grid, id).stage() == Stage.INDEXED);
      posts.invoke(id.value(), new PostChange.Clustered(1_000_000, id.value(), null, true, 0, 1));
      assertThat(wire(grid, id).trendId()).as("a word of the past was heard").isNotNull();

      await().until(() -> wire(grid, id).stage() == Stage.INDEXED);
      posts.invoke(id.value(), new PostChange.Clustered(1_000_000, id.value(), null, true, 0, 1));
      assertThat(wire(grid, id).stage()).as("and is heard no more").isEqualTo(Stage.INDEXED);
    }
  }

  @Test
  void trendsThatRetentionForgetsDoNotComeBack() throws SQLException {
    DataSource database = TestPostgres.fresh();
    try (ListeningFixture grid =
        new ListeningFixture(1, database, directory, model, InstantSource.system())) {
      grid.first().intake().take(WORKSPACE, batch(0));
      grid.settle();
      TrendId trend = TrendId.begunBy(id(0, 0));
      await().until(() -> grid.first().trends().find(WORKSPACE, trend).isPresent());
      try (Connection connection = database.getConnection();
          Statement statement = connection.createStatement()) {
        statement.execute("UPDATE trend SET touched_at = now() - interval '400 days'");
      }
      await().until(() -> grid.first().trends().find(WORKSPACE, trend).isEmpty());
      // A further telling does not find it in memory, where it would count what is gone.
      grid.first()
          .intake()
          .take(WORKSPACE, List.of(post("new", "Breaking: " + STORIES.getFirst() + ", new", NOON)));
      grid.settle();
      PostId id = PostId.of(WORKSPACE, "test", "new");
      await()
          .untilAsserted(
              () ->
                  assertThat(grid.first().trends().find(WORKSPACE, TrendId.begunBy(id)))
                      .get()
                      .extracting(Trend::postCount)
                      .isEqualTo(1L));
    }
  }

  /** What clustering came to. */
  private record Outcome(
      Map<String, String> trendOfPost,
      Map<String, String> originalOfPost,
      Map<String, String> trends) {}

  private static Outcome outcome(ListeningFixture grid) {
    grid.settle();
    Map<String, String> trendOfPost = new TreeMap<>();
    Map<String, String> originalOfPost = new TreeMap<>();
    for (int batch = 0; batch < BATCHES; batch++) {
      for (int n = 0; n < EACH; n++) {
        Post.Progress progress = find(grid, batch, n).progress();
        trendOfPost.put(batch + "-" + n, String.valueOf(progress.trendId()));
        PostId original = progress.duplicateOf();
        if (original != null) {
          originalOfPost.put(batch + "-" + n, original.value());
        }
      }
    }
    // The checkpoint comes after the posts.
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> trends(grid).stream().mapToLong(Trend::postCount).sum() == (long) BATCHES * EACH);
    Map<String, String> trends = new TreeMap<>();
    for (Trend trend : trends(grid)) {
      trends.put(
          trend.id().value(),
          trend.postCount()
              + " posts, "
              + trend.wording()
              + ", "
              + trend.platforms()
              + ", from "
              + trend.firstSeen()
              + " to "
              + trend.lastSeen());
    }
    return new Outcome(trendOfPost, originalOfPost, trends);
  }

  private static List<Trend> trends(ListeningFixture grid) {
    return grid.first().trends().list(WORKSPACE, null, 1, new PageRequest(500, null)).items();
  }

  private static long clustered(ListeningFixture grid) {
    long count = 0;
    for (int batch = 0; batch < BATCHES / 2; batch++) {
      for (int n = 0; n < EACH; n++) {
        PostWire post = grid.first().caches().posts().get(id(batch, n).value());
        if (post != null && post.stage() == Stage.CLUSTERED) {
          count++;
        }
      }
    }
    return count;
  }

  private static ListeningFixture.Node writer(ListeningFixture grid) {
    return grid.nodes.stream()
        .filter(
            node ->
                node.ignite()
                    .affinity("trend")
                    .isPrimary(node.ignite().cluster().localNode(), "cluster-writer"))
        .findFirst()
        .orElseThrow();
  }

  /**
   * Tellings of some stories, one of which comes as a burst, repetitions word for word among them,
   * and posts like no other.
   */
  private static List<IncomingPost> batch(int batch) {
    List<IncomingPost> posts = new ArrayList<>();
    for (int n = 0; n < EACH; n++) {
      int number = batch * EACH + n;
      boolean breaks = batch >= BURST_FROM && number % 3 == 0;
      String story = breaks ? BURST : STORIES.get(number % STORIES.size());
      String title =
          switch (number % 5) {
            case 0 -> "RT @someone: " + story;
            case 1 -> "Odd thing " + number + " about item " + number * 31 + " of nothing else";
            default -> OPENINGS.get(number % OPENINGS.size()) + ": " + story + ", part " + number;
          };
      posts.add(post(batch + "-" + n, title, NOON.plusSeconds(number * 20L), number % 7));
    }
    return posts;
  }

  private static PostId id(int batch, int n) {
    return PostId.of(WORKSPACE, "test", batch + "-" + n);
  }

  private static Post find(ListeningFixture grid, int batch, int n) {
    return grid.first().posts().find(WORKSPACE, id(batch, n)).orElseThrow();
  }

  private static PostWire wire(ListeningFixture grid, PostId id) {
    return grid.first().caches().posts().get(id.value());
  }

  private static PostWire wire(String nativeId, String title) {
    return PostWire.collected(
        WORKSPACE,
        post(nativeId, title, NOON).content(),
        new Engagement(0, 0, 0, 0),
        NOON,
        Instant.now(),
        null);
  }

  private ListeningFixture grid(int size, String name) throws SQLException {
    return new ListeningFixture(
        size, TestPostgres.fresh(), directory.resolve(name), model, InstantSource.system());
  }
}
