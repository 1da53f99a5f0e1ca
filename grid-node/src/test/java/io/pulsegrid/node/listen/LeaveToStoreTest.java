package io.pulsegrid.node.listen;

import static io.pulsegrid.node.listen.ListeningFixture.WORKSPACE;
import static io.pulsegrid.node.listen.ListeningFixture.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.post.IncomingPost;
import io.pulsegrid.core.post.Intake.Receipt;
import io.pulsegrid.node.grid.GridFixture;
import io.pulsegrid.node.store.TestPostgres;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What a node that must not store anything leaves alone. */
class LeaveToStoreTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  private final DataSource database = TestPostgres.fresh();
  private final JdbcClient jdbc = JdbcClient.create(database);
  private final AtomicBoolean agreed = new AtomicBoolean();
  private final AtomicInteger asked = new AtomicInteger();
  @TempDir private Path directory;

  @Test
  void neitherPostsNorTrendsNorAnOfficeAreStoredWithoutIt() throws Exception {
    try (ListeningFixture grid = grid()) {
      List<IncomingPost> posts =
          List.of(
              post("1", "flood in the valley", NOON), post("2", "flood in the valley rises", NOON));
      CompletableFuture<List<Receipt>> taken =
          CompletableFuture.supplyAsync(() -> grid.first().intake().take(WORKSPACE, posts));

      await().until(() -> asked.get() >= 10);
      assertThat(count("post")).isZero();
      assertThat(count("cluster_checkpoint")).isZero();
      assertThat(taken).isNotDone();

      agreed.set(true);
      assertThat(taken.get(30, TimeUnit.SECONDS)).hasSize(2);
      grid.settle();
      await().untilAsserted(() -> assertThat(count("cluster_checkpoint")).isOne());
      assertThat(grid.first().verification().run(false).clean()).isTrue();
    }
  }

  private int count(String table) {
    return jdbc.sql("SELECT count(*) FROM " + table).query(Integer.class).single();
  }

  private ListeningFixture grid() throws SQLException {
    return new ListeningFixture(
        GridFixture.of(1),
        1,
        database,
        directory,
        _ -> new WordEmbedder(),
        InstantSource.system(),
        new ListeningFixture.Between() {
          @Override
          public Runnable leave(int node) {
            return () -> {
              asked.incrementAndGet();
              if (!agreed.get()) {
                throw PulsegridException.unavailable("not agreed", Duration.ofSeconds(1));
              }
            };
          }
        });
  }
}
