package io.pulsegrid.node.listen;

import static io.pulsegrid.node.listen.ListeningFixture.WORKSPACE;
import static io.pulsegrid.node.listen.ListeningFixture.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.pulsegrid.core.failure.FailureCode;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.post.Engagement;
import io.pulsegrid.core.post.IncomingPost;
import io.pulsegrid.core.post.Intake.Receipt;
import io.pulsegrid.core.post.Post;
import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.post.Stage;
import io.pulsegrid.node.grid.DataRegion;
import io.pulsegrid.node.grid.GridFixture;
import io.pulsegrid.node.grid.wire.PostWire;
import io.pulsegrid.node.grid.wire.Revision;
import io.pulsegrid.node.grid.wire.VectorWire;
import io.pulsegrid.node.store.TestPostgres;
import io.pulsegrid.node.store.posts.PostStore;
import io.pulsegrid.node.store.posts.StoredPost;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.apache.ignite.cache.query.ScanQuery;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What a node does whose memory for the grid's data has no room for more posts. */
class FullMemoryTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final int SMALLEST_REGION_MB = 64;
  private static final String MODEL = new WordEmbedder(384).model();

  @TempDir private Path directory;
  private int sent;

  @Test
  void aSmallRegionTakesPostsUntilItIsFullAndThenRefusesThemWhileItsNodeLives()
      throws SQLException {
    GridFixture nodes = GridFixture.of(1, SMALLEST_REGION_MB);
    try (ListeningFixture grid = grid(nodes, TestPostgres.fresh())) {
      DataRegion region = new DataRegion(grid.first().ignite());
      assertThat(share(region)).as("what is taken up by nothing").isLessThan(.5);
      take(grid, 500);
      grid.settle();

      fill(grid, region);
      assertThatThrownBy(
              () -> {
                while (true) {
                  take(grid, 500);
                }
              })
          .isInstanceOfSatisfying(
              PulsegridException.class,
              refusal -> {
                assertThat(refusal.code()).isEqualTo(FailureCode.UNAVAILABLE);
                assertThat(refusal.retryAfter()).isPresent();
              })
          .hasMessageContaining("pulsegrid.grid.region-mb");
      assertThat(sent).as("not refused too early").isGreaterThan(1_000);

      // What was let in has room for all that is made of it.
      grid.settle();
      assertThat(share(region)).isBetween(.75, .95);
      assertThat(nodes.departures()).isEmpty();

      grid.first().caches().vectors().removeAll();
      await()
          .ignoreExceptionsInstanceOf(PulsegridException.class)
          .untilAsserted(() -> take(grid, 1));
    }
  }

  @Test
  void aHotSetThatDoesNotFitIsHeldFromTheNewestOnAndTheRestAnsweredFromPostgres()
      throws SQLException {
    DataSource database = TestPostgres.fresh();
    int stored = 2_400;
    store(database, stored, 12_000);
    GridFixture nodes = GridFixture.of(1, SMALLEST_REGION_MB);
    try (ListeningFixture grid = grid(nodes, database)) {
      Set<String> held = held(grid);
      assertThat(share(new DataRegion(grid.first().ignite()))).isBetween(.55, .85);
      assertThat(held).hasSizeBetween(stored / 4, stored - 1);
      assertThat(newest(database, held.size())).isEqualTo(held);
      assertThat(grid.first().meters().get("pulsegrid.reload.left.out").gauge().value())
          .isCloseTo(stored - held.size(), within(2.));
      PostId oldest = PostId.of(WORKSPACE, "test", "0");
      assertThat(held).doesNotContain(oldest.value());
      assertThat(grid.first().posts().find(WORKSPACE, oldest)).as("GET answers still").isPresent();

      grid.settle();
      assertThat(grid.first().verification().run(false).clean()).isTrue();
      // Comes back with what is told of it anew, and goes again when that is done.
      grid.first().intake().take(WORKSPACE, List.of(post("0", "Another wording", NOON)));
      await().untilAsserted(() -> assertThat(held(grid)).doesNotContain(oldest.value()));
      assertThat(grid.first().posts().find(WORKSPACE, oldest))
          .hasValueSatisfying(
              post -> assertThat(post.content().title()).isEqualTo("Another wording"));
      assertThat(nodes.departures()).isEmpty();
    }
  }

  /** Puts posts into Postgres that have come all the way, one a second, each of its own text. */
  private static void store(DataSource database, int count, int characters) throws SQLException {
    PostStore store = new PostStore(database);
    Instant first = Instant.now().minusSeconds(count + 60);
    Random random = new Random(5);
    for (int from = 0; from < count; from += 100) {
      List<StoredPost> posts = new ArrayList<>();
      Map<String, VectorWire> vectors = new TreeMap<>();
      for (int i = from; i < from + 100; i++) {
        PostId id = PostId.of(WORKSPACE, "test", String.valueOf(i));
        byte[] bytes = new byte[characters / 2];
        random.nextBytes(bytes);
        String title = HexFormat.of().formatHex(bytes);
        Instant collected = first.plusSeconds(i);
        posts.add(
            new StoredPost(
                new Post(
                    id,
                    WORKSPACE,
                    post(String.valueOf(i), title, collected).content(),
                    new Engagement(0, 0, 0, 0),
                    collected,
                    collected,
                    new Post.Progress(Stage.CLUSTERED, i + 1, null, null, null)),
                null,
                new Revision(1, 1)));
        vectors.put(id.value(), VectorWire.of(MODEL, vector(random), i + 1, false));
      }
      store.upsert(posts);
      store.upsertVectors(vectors);
    }
  }

  private static float[] vector(Random random) {
    float[] vector = new float[384];
    vector[random.nextInt(384)] = 1;
    return vector;
  }

  private ListeningFixture grid(GridFixture nodes, DataSource database) throws SQLException {
    return new ListeningFixture(
        nodes, 1, database, directory, _ -> new WordEmbedder(384), InstantSource.system());
  }

  private static Set<String> held(ListeningFixture grid) {
    Set<String> held = new HashSet<>();
    grid.first()
        .caches()
        .posts()
        .query(new ScanQuery<String, PostWire>())
        .forEach(post -> held.add(post.getKey()));
    return held;
  }

  private static Set<String> newest(DataSource database, int count) throws SQLException {
    return new HashSet<>(
        JdbcClient.create(database)
            .sql("SELECT id FROM post ORDER BY collected_at DESC LIMIT ?")
            .param(count)
            .query(String.class)
            .list());
  }

  private static double share(DataRegion region) {
    return (double) region.usedBytes() / region.maxBytes();
  }

  /** Leaves room for some thousand posts. */
  private static void fill(ListeningFixture grid, DataRegion region) {
    for (int batch = 0; share(region) < .78; batch++) {
      Map<String, VectorWire> ballast = new TreeMap<>();
      for (int i = 0; i < 500; i++) {
        PostId id = PostId.of(WORKSPACE, "ballast", batch + "-" + i);
        ballast.put(id.value(), VectorWire.of("none", new float[384], 1, false));
      }
      grid.first().caches().vectors().putAll(ballast);
    }
  }

  private void take(ListeningFixture grid, int count) {
    List<IncomingPost> posts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String nativeId = "p" + sent++;
      posts.add(post(nativeId, "A word of " + nativeId + " and of " + sent * 31 % 997, NOON));
    }
    assertThat(grid.first().intake().take(WORKSPACE, posts))
        .allMatch(receipt -> receipt instanceof Receipt.Accepted);
  }
}
