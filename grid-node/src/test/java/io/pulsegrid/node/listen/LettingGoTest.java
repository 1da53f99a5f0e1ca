package io.pulsegrid.node.listen;

import static io.pulsegrid.node.listen.ListeningFixture.WORKSPACE;
import static io.pulsegrid.node.listen.ListeningFixture.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pulsegrid.core.page.PageRequest;
import io.pulsegrid.core.post.Intake.Receipt;
import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.search.SearchFilter;
import io.pulsegrid.core.search.SearchQuery;
import io.pulsegrid.node.SettableClock;
import io.pulsegrid.node.store.TestPostgres;
import io.pulsegrid.node.store.posts.RetentionStore;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What grows old: first no longer hot, then below the floor of what is kept at all. */
class LettingGoTest {
  private static final PostId OLD = PostId.of(WORKSPACE, "test", "old");
  private static final PostId NEW = PostId.of(WORKSPACE, "test", "new");

  private final SettableClock clock = new SettableClock(Instant.now());
  private final DataSource database = TestPostgres.fresh();
  @TempDir private Path directory;

  @Test
  void leavesTheGridWhenItIsNoLongerHotAndPostgresWhenItIsNoLongerKept() throws SQLException {
    try (ListeningFixture grid = grid(2)) {
      take(grid, "old");
      clock.advance(Duration.ofDays(31));
      take(grid, "new");

      await().untilAsserted(() -> assertThat(held(grid, OLD)).isFalse());
      assertThat(held(grid, NEW)).isTrue();
      assertThat(grid.first().posts().find(WORKSPACE, OLD)).as("GET answers still").isPresent();
      assertThat(found(grid, "old")).isZero();
      assertThat(found(grid, "new")).isOne();
      assertThat(grid.first().verification().run(false).clean()).isTrue();

      clock.advance(Duration.ofDays(335));
      await().untilAsserted(() -> assertThat(rows("post")).isOne());
      assertThat(rows("post_vector")).isOne();
      assertThat(grid.first().posts().find(WORKSPACE, OLD)).isEmpty();
      assertThat(grid.first().posts().find(WORKSPACE, NEW)).isPresent();

      assertThat(grid.first().intake().take(WORKSPACE, List.of(post("old", "The old", null))))
          .as("comes again as new")
          .containsExactly(new Receipt.Accepted(OLD));
      grid.settle();
      assertThat(grid.first().verification().run(false).clean()).isTrue();
    }
  }

  @Test
  void aStartAfterACrashBetweenTheFloorAndTheDeletionSeesNothingBelowTheFloor()
      throws SQLException {
    try (ListeningFixture grid = grid(1)) {
      take(grid, "old");
      clock.advance(Duration.ofHours(1));
      take(grid, "new");
    }
    new RetentionStore(database).raise(clock.instant().minus(Duration.ofMinutes(30)));

    try (ListeningFixture grid = grid(1)) {
      assertThat(held(grid, OLD)).isFalse();
      assertThat(held(grid, NEW)).isTrue();
      assertThat(grid.first().posts().find(WORKSPACE, OLD)).isEmpty();
      assertThat(grid.first().verification().run(false).clean()).isTrue();
      await().untilAsserted(() -> assertThat(rows("post")).as("the next round").isOne());
      assertThat(found(grid, "old")).isZero();
    }
  }

  private ListeningFixture grid(int size) throws SQLException {
    return new ListeningFixture(size, database, directory, new WordEmbedder(), clock);
  }

  private static void take(ListeningFixture grid, String name) throws SQLException {
    assertThat(grid.first().intake().take(WORKSPACE, List.of(post(name, "The " + name, null))))
        .hasOnlyElementsOfType(Receipt.Accepted.class);
    grid.settle();
    assertThat(grid.first().verification().run(false).clean()).isTrue();
  }

  private static boolean held(ListeningFixture grid, PostId id) {
    return grid.first().caches().posts().containsKey(id.value());
  }

  private static long found(ListeningFixture grid, String word) {
    return grid.first()
        .search()
        .search(
            new SearchQuery(
                word,
                null,
                SearchQuery.Mode.TEXT,
                SearchFilter.everythingIn(WORKSPACE),
                new PageRequest(10, null)))
        .hits()
        .size();
  }

  private long rows(String table) {
    return JdbcClient.create(database)
        .sql("SELECT count(*) FROM " + table)
        .query(Long.class)
        .single();
  }
}
