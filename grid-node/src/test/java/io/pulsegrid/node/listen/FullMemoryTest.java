package io.pulsegrid.node.listen;

import static io.pulsegrid.node.listen.ListeningFixture.WORKSPACE;
import static io.pulsegrid.node.listen.ListeningFixture.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pulsegrid.core.failure.FailureCode;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.post.IncomingPost;
import io.pulsegrid.core.post.Intake.Receipt;
import io.pulsegrid.core.post.PostId;
import io.pulsegrid.node.grid.DataRegion;
import io.pulsegrid.node.grid.GridFixture;
import io.pulsegrid.node.grid.wire.VectorWire;
import io.pulsegrid.node.store.TestPostgres;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node does whose memory for the grid's data has no room for more posts. */
class FullMemoryTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final int SMALLEST_REGION_MB = 64;

  @TempDir private Path directory;
  private int sent;

  @Test
  void aSmallRegionTakesPostsUntilItIsFullAndThenRefusesThemWhileItsNodeLives()
      throws SQLException {
    GridFixture nodes = GridFixture.of(1, SMALLEST_REGION_MB);
    try (ListeningFixture grid =
        new ListeningFixture(
            nodes,
            1,
            TestPostgres.fresh(),
            directory,
            _ -> new WordEmbedder(384),
            InstantSource.system())) {
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
