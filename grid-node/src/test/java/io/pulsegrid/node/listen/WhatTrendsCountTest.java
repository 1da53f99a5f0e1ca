package io.pulsegrid.node.listen;

import static io.pulsegrid.node.listen.ListeningFixture.WORKSPACE;
import static io.pulsegrid.node.listen.ListeningFixture.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.post.IncomingPost;
import io.pulsegrid.core.search.Embedder;
import io.pulsegrid.core.trend.TrendState;
import io.pulsegrid.node.store.TestPostgres;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

class WhatTrendsCountTest {
  private static final String STORY = "Volcano erupts near the harbour of Reykjavik";
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
  void aNewWorkspacesFirstPostDoesNotSendASuccessorBackToTheBeginning() throws SQLException {
    DataSource database = TestPostgres.fresh();
    JdbcClient jdbc = JdbcClient.create(database);
    for (String sql :
        List.of(
            "INSERT INTO workspace (id) VALUES ('other')",
            "CREATE TABLE begun (workspace text, place bigint)",
            """
            CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
              INSERT INTO begun VALUES (new.workspace, new.last_sequence); RETURN new; END $$
            """,
            """
            CREATE TRIGGER note AFTER INSERT ON cluster_checkpoint
              FOR EACH ROW EXECUTE FUNCTION note()
            """)) {
      int _ = jdbc.sql(sql).update();
    }
    try (ListeningFixture grid =
        new ListeningFixture(1, database, directory, model, InstantSource.system())) {
      Instant now = Instant.now();
      take(grid, List.of(retelling(1, now), retelling(2, now), retelling(3, now)));
      grid.first().intake().take(new WorkspaceId("other"), List.of(retelling(1, now)));
      grid.settle();
    }
    assertThat(jdbc.sql("SELECT place FROM begun ORDER BY place").query(Long.class).list())
        .as("what a writer leaves that ends before it has saved anything of the new one")
        .containsExactly(0L, 3L);
  }

  @Test
  void aPostDatedAheadEndsNoTrendOfToday() throws SQLException {
    try (ListeningFixture grid = grid()) {
      Instant ahead = Instant.parse("2099-01-01T00:00:00Z");
      List<IncomingPost> posts = new ArrayList<>();
      posts.add(post("ahead", "Central bank raises interest rates to five percent", ahead));
      Instant begun = Instant.now().minusSeconds(600);
      for (int n = 0; n < 20; n++) {
        posts.add(retelling(n, begun.plusSeconds(20L * n)));
      }
      take(grid, posts);

      await()
          .untilAsserted(
              () ->
                  assertThat(grid.trends())
                      .singleElement()
                      .satisfies(
                          trend -> {
                            assertThat(trend.postCount()).isEqualTo(20);
                            assertThat(trend.state()).isNotEqualTo(TrendState.FADING);
                            assertThat(trend.score()).isPositive();
                          }));
      assertThat(grid.find("ahead").publishedAt()).as("as it says").isEqualTo(ahead);
    }
  }

  @Test
  void aPostWhoseTitleChangesAtEveryVisitIsCountedOnce() throws SQLException {
    try (ListeningFixture grid = grid()) {
      Instant begun = Instant.parse("2026-03-01T12:00:00Z");
      List<IncomingPost> posts = new ArrayList<>();
      for (int n = 0; n < 80; n++) {
        posts.add(retelling(n, begun.plusSeconds(60L * n)));
      }
      posts.add(post("copy", "RT @ann: " + posts.getFirst().content().title(), begun));
      take(grid, posts);
      for (int visit = 1; visit <= 3; visit++) {
        // One that the trend has long forgotten, the one that began it, and a copy.
        take(
            grid,
            List.of(
                post("part-1", "Live, %d new pictures: %s".formatted(visit, STORY), begun),
                post("part-0", "Quite another thing altogether, take " + visit, begun),
                post("copy", "RT @bob: %d things to know of %s".formatted(visit, STORY), begun)));
      }

      await()
          .untilAsserted(
              () ->
                  assertThat(grid.trends())
                      .singleElement()
                      .satisfies(trend -> assertThat(trend.postCount()).isEqualTo(81)));
      assertThat(grid.trends().getFirst().platforms()).isEqualTo(Map.of("test", 81L));
      assertThat(grid.find("copy").progress().trendId())
          .isEqualTo(grid.find("part-0").progress().trendId())
          .isEqualTo(grid.trends().getFirst().id());
    }
  }

  private ListeningFixture grid() throws SQLException {
    return new ListeningFixture(1, TestPostgres.fresh(), directory, model, InstantSource.system());
  }

  private static void take(ListeningFixture grid, List<IncomingPost> posts) {
    assertThat(grid.first().intake().take(WORKSPACE, posts)).hasSameSizeAs(posts);
    grid.settle();
  }

  private static IncomingPost retelling(int n, Instant at) {
    String title = OPENINGS.get(n % OPENINGS.size()) + ": " + STORY + ", part " + n;
    return post("part-" + n, title, at);
  }
}
