package io.pulsegrid.node.listen;

import static io.pulsegrid.node.listen.ListeningFixture.WORKSPACE;
import static io.pulsegrid.node.listen.ListeningFixture.post;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.pulsegrid.core.post.IncomingPost;
import io.pulsegrid.node.grid.GridConfiguration;
import io.pulsegrid.node.grid.GridFixture;
import io.pulsegrid.node.store.TestPostgres;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GpuRoutingTest {
  private static final int POSTS = 120;

  @TempDir Path directory;

  @Test
  void theNodeWithTheGpuEmbedsForAllUntilItDies() throws SQLException {
    WordEmbedder[] models = {new WordEmbedder(), new WordEmbedder(), new WordEmbedder()};
    try (ListeningFixture grid = grid(models)) {
      take(grid, "first");
      assertThat(embedded(models)).containsExactly(0, 0, POSTS);
      assertThat(grid.first().caches().vectors().size()).isEqualTo(POSTS);

      grid.kill(grid.nodes.getLast());
      take(grid, "second");
      assertThat(embedded(models).limit(2).mapToInt(Integer::intValue).sum())
          .isGreaterThanOrEqualTo(POSTS);
      assertThat(grid.first().caches().vectors().size()).isEqualTo(2 * POSTS);
    }
  }

  @Test
  void aGpuThatRunsAnotherModelEmbedsForNobodyElse() throws SQLException {
    WordEmbedder[] models = {new WordEmbedder(), new WordEmbedder("others")};
    try (ListeningFixture grid = grid(models)) {
      GpuFirstEmbedder here =
          new GpuFirstEmbedder(
              grid.first().ignite(), models[0], InstantSource.system(), new SimpleMeterRegistry());
      assertThat(here.embed(List.of("one", "two"))).hasSize(2);
      assertThat(embedded(models)).containsExactly(2, 0);
    }
  }

  private ListeningFixture grid(WordEmbedder... models) throws SQLException {
    return new ListeningFixture(
        GridFixture.of(attributes(models.length)),
        models.length,
        TestPostgres.fresh(),
        directory,
        number -> models[number],
        InstantSource.system());
  }

  /** Of so many nodes the last one has a GPU. */
  private static List<Map<String, String>> attributes(int nodes) {
    List<Map<String, String>> attributes =
        new ArrayList<>(Collections.nCopies(nodes - 1, Map.of()));
    attributes.add(Map.of(GridConfiguration.GPU_ATTRIBUTE, "true"));
    return attributes;
  }

  private static void take(ListeningFixture grid, String batch) {
    List<IncomingPost> posts =
        IntStream.range(0, POSTS)
            .mapToObj(i -> post(batch + i, "%s tale number %d".formatted(batch, i), Instant.now()))
            .toList();
    assertThat(grid.first().intake().take(WORKSPACE, posts)).hasSize(POSTS);
    grid.settle();
  }

  private static Stream<Integer> embedded(WordEmbedder... models) {
    return Stream.of(models).map(WordEmbedder::embedded);
  }
}
