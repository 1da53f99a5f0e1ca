package io.pulsegrid.node.listen;

import static io.pulsegrid.node.listen.ListeningFixture.WORKSPACE;
import static io.pulsegrid.node.listen.ListeningFixture.post;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;
import static org.awaitility.Awaitility.await;

import io.pulsegrid.core.page.PageRequest;
import io.pulsegrid.core.post.IncomingPost;
import io.pulsegrid.core.post.Post;
import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.post.Posts;
import io.pulsegrid.core.search.Embedder;
import io.pulsegrid.core.trend.Trend;
import io.pulsegrid.core.trend.Trend.Moment;
import io.pulsegrid.core.trend.TrendId;
import io.pulsegrid.node.store.TestStore;
import io.pulsegrid.node.store.posts.StoredTrendHistory;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two stories that begin as one, told through a whole grid. */
class SplitTrendsTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  @TempDir Path directory;

  private final TestStore store = TestStore.fresh();

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void postsTrendsAndStoreAgreeOnceAPartHasLeft(int size) throws SQLException {
    Map<String, String> placed;
    try (ListeningFixture grid = grid(size)) {
      take(grid, beginning());
      take(grid, telling(0, 4));
      List<Trend> one = awaitTrends(grid, 1);
      Instant before = now();
      take(grid, telling(4, 20));
      List<Trend> two = awaitTrends(grid, 2);

      Trend part = two.stream().filter(SplitTrendsTest::isPart).findFirst().orElseThrow();
      Trend whole = two.stream().filter(it -> !isPart(it)).findFirst().orElseThrow();
      assertThat(one).extracting(Trend::id).containsExactly(whole.id());
      assertThat(whole.history()).anyMatch(it -> isInto(it, part.id()));
      assertAllAgree(grid, two);
      StoredTrendHistory history = new StoredTrendHistory(store.jdbc());
      assertThat(history.list(WORKSPACE, before, null, 9, PageRequest.first()).trends().items())
          .extracting(Trend::id, Trend::postCount)
          .containsExactly(tuple(whole.id(), 9L));
      assertThat(history.find(WORKSPACE, part.id(), now()).orElseThrow().history())
          .isEqualTo(part.history());
      placed = placed();
    }
    try (ListeningFixture again = grid(size)) {
      take(again, telling(20, 24));
      assertAllAgree(again, awaitTrends(again, 2));
      assertThat(placed()).containsAllEntriesOf(placed);
      assertThat(trendOf("coast-23")).isEqualTo(trendOf("coast-3"));
      assertThat(trendOf("hills-23")).isEqualTo(trendOf("hills-3"));
    }
  }

  @Test
  void aPostThatHasLeftTheGridGoesWithItsPart() throws SQLException {
    try (ListeningFixture grid = grid(1)) {
      take(grid, beginning());
      take(grid, telling(0, 3));
      List<Trend> one = awaitTrends(grid, 1);
      assertThat(grid.first().verification().run(false).differences()).isEmpty();
      for (String nativeId : placed().keySet()) {
        grid.first().caches().posts().remove(PostId.of(WORKSPACE, "test", nativeId).value());
      }
      take(grid, telling(3, 20));
      awaitTrends(grid, 2);

      assertThat(List.of(trendOf("coast-1"), trendOf("hills-1")))
          .containsExactly(trendOf("coast-19"), trendOf("hills-19"))
          .contains(one.getFirst().id().value())
          .doesNotHaveDuplicates();
    }
  }

  @Test
  void aWriterThatDiesBeforeThePostsSaySoLeavesItToItsSuccessor() throws SQLException {
    Map<String, String> placed;
    List<Trend> two;
    try (ListeningFixture grid = grid(1)) {
      take(grid, beginning());
      for (IncomingPost post : telling(0, 12)) {
        // No further than to the split: the checkpoint that has it is the last.
        if (grid.trends().size() < 2) {
          take(grid, List.of(post));
          awaitTold(grid);
        }
      }
      two = awaitTrends(grid, 2);
      placed = placed();
    }
    Trend part = two.stream().filter(SplitTrendsTest::isPart).findFirst().orElseThrow();
    Trend whole = two.stream().filter(it -> !isPart(it)).findFirst().orElseThrow();
    // The checkpoint has the split and which posts it took along; their rows do not have it yet.
    int behind =
        store
            .jdbc()
            .sql("UPDATE post SET trend_id = ? WHERE trend_id = ?")
            .param(whole.id().value())
            .param(part.id().value())
            .update();
    assertThat(behind).isEqualTo((int) part.postCount());
    try (ListeningFixture again = grid(1)) {
      await().untilAsserted(() -> assertThat(placed()).isEqualTo(placed));
      assertAllAgree(again, awaitTrends(again, 2));
    }
  }

  private void awaitTold(ListeningFixture grid) {
    await()
        .untilAsserted(
            () ->
                assertThat(grid.trends().stream().mapToLong(Trend::postCount).sum())
                    .isEqualTo(placed().size()));
  }

  private void assertAllAgree(ListeningFixture grid, List<Trend> trends) {
    Map<String, Long> stored = placed().values().stream().collect(groupingBy(it -> it, counting()));
    for (Trend trend : trends) {
      List<Post> posts =
          grid.first()
              .posts()
              .list(
                  new Posts.Query(WORKSPACE, null, null, null, null, trend.id()),
                  new PageRequest(100, null))
              .items();
      assertThat(posts).hasSize((int) trend.postCount());
      assertThat(grid.first().trends().find(WORKSPACE, trend.id())).contains(trend);
      assertThat(stored).containsEntry(trend.id().value(), trend.postCount());
      for (Post post : posts) {
        assertThat(grid.first().caches().posts().get(post.id().value()).trendId())
            .isEqualTo(trend.id().value());
      }
    }
    assertThat(stored).hasSize(trends.size());
    assertThat(grid.first().verification().run(false).differences()).isEmpty();
  }

  /** The trends, once what the posts say has been told of them. */
  private List<Trend> awaitTrends(ListeningFixture grid, int count) {
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () -> {
              List<Trend> trends = grid.trends();
              assertThat(trends).hasSize(count);
              Map<String, Long> stored =
                  placed().values().stream().collect(groupingBy(it -> it, counting()));
              trends.forEach(
                  it -> assertThat(stored).containsEntry(it.id().value(), it.postCount()));
            });
    return grid.trends();
  }

  private static boolean isPart(Trend trend) {
    return trend.history().stream().anyMatch(Moment.SplitFrom.class::isInstance);
  }

  private static boolean isInto(Moment moment, TrendId part) {
    return moment instanceof Moment.SplitInto split && split.part().equals(part);
  }

  /** The trend of each post as Postgres has it. */
  private Map<String, String> placed() {
    Map<String, String> placed = new TreeMap<>();
    store
        .jdbc()
        .sql("SELECT native_id, coalesce(trend_id, '') AS trend FROM post")
        .query((row, _) -> placed.put(row.getString("native_id"), row.getString("trend")))
        .list();
    return placed;
  }

  private String trendOf(String nativeId) {
    return placed().getOrDefault(nativeId, "");
  }

  private Instant now() {
    return store
        .jdbc()
        .sql("SELECT clock_timestamp()")
        .query(OffsetDateTime.class)
        .single()
        .toInstant();
  }

  private ListeningFixture grid(int size) throws SQLException {
    return new ListeningFixture(
        size, store.source(), directory, new TwoTopics(), InstantSource.system());
  }

  private static void take(ListeningFixture grid, List<IncomingPost> posts) {
    // One by one: the order of acceptance is theirs.
    posts.forEach(it -> grid.first().intake().take(WORKSPACE, List.of(it)));
    grid.settle();
  }

  private static List<IncomingPost> beginning() {
    return List.of(
        post("both-0", "Storm sinks boats in the harbour, snow closes the mountain road", NOON));
  }

  private static List<IncomingPost> telling(int from, int to) {
    List<IncomingPost> posts = new ArrayList<>();
    for (int i = from; i < to; i++) {
      Instant at = NOON.plus(Duration.ofMinutes(i));
      String coast = "Storm: boats sink in the harbour, sails%d crew%d".formatted(i, i);
      String hills = "Storm: snow closes the mountain road, huts%d plough%d".formatted(i, i);
      posts.add(post("coast-" + i, coast, at));
      posts.add(post("hills-" + i, hills, at));
    }
    return posts;
  }

  /** Near one of two topics, or between both, by the words; each text by itself beside it. */
  private static final class TwoTopics implements Embedder {
    private static final int DIMENSIONS = 128;

    private final float[] coast = direction(new Random(1));
    private final float[] hills = direction(new Random(2));

    @Override
    public String model() {
      return "two-topics";
    }

    @Override
    public int dimensions() {
      return DIMENSIONS;
    }

    @Override
    public List<float[]> embed(List<String> texts) {
      return texts.stream().map(this::vector).toList();
    }

    private float[] vector(String text) {
      float[] vector = direction(new Random(text.hashCode()));
      boolean ofCoast = text.contains("harbour");
      boolean ofHills = text.contains("mountain") || text.contains("Mountain");
      float share = ofCoast && ofHills ? (float) Math.sqrt(.5) : 1;
      for (int i = 0; i < DIMENSIONS; i++) {
        vector[i] =
            .9f * vector[i] + (ofCoast ? share * coast[i] : 0) + (ofHills ? share * hills[i] : 0);
      }
      return unit(vector);
    }

    private static float[] direction(Random random) {
      float[] vector = new float[DIMENSIONS];
      for (int i = 0; i < DIMENSIONS; i++) {
        vector[i] = (float) random.nextGaussian();
      }
      return unit(vector);
    }

    private static float[] unit(float[] vector) {
      double length = 0;
      for (float component : vector) {
        length += (double) component * component;
      }
      for (int i = 0; i < vector.length; i++) {
        vector[i] /= (float) Math.sqrt(length);
      }
      return vector;
    }

    @Override
    public void close() {}
  }
}
