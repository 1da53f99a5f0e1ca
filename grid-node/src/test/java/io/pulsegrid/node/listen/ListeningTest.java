package io.pulsegrid.node.listen;

import static io.pulsegrid.node.listen.ListeningFixture.WORKSPACE;
import static io.pulsegrid.node.listen.ListeningFixture.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pulsegrid.compute.embedding.Embedders;
import io.pulsegrid.compute.embedding.EmbeddingSettings;
import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.grid.Verification;
import io.pulsegrid.core.page.PageRequest;
import io.pulsegrid.core.post.IncomingPost;
import io.pulsegrid.core.post.Intake.Receipt;
import io.pulsegrid.core.post.Post;
import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.post.Posts;
import io.pulsegrid.core.post.Stage;
import io.pulsegrid.core.search.Embedder;
import io.pulsegrid.core.search.SearchAnswer;
import io.pulsegrid.core.search.SearchFilter;
import io.pulsegrid.core.search.SearchQuery;
import io.pulsegrid.core.telling.Event;
import io.pulsegrid.core.trend.Trend;
import io.pulsegrid.node.store.TestPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListeningTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final List<String> STORIES =
      List.of(
          "Volcano erupts near the harbour of Reykjavik",
          "Central bank raises interest rates to five percent",
          "New telescope finds water on a distant planet",
          "Football champions lose the cup final on penalties");

  private static Embedder model;
  private static final AtomicInteger EMBEDDED = new AtomicInteger();

  @TempDir Path directory;

  @BeforeAll
  static void loadTheModel(@TempDir Path cache) {
    model =
        Embedders.open(
            new EmbeddingSettings(
                EmbeddingSettings.Engine.ONNX,
                null,
                "cpu",
                2,
                256,
                512,
                cache,
                (texts, _, _) -> EMBEDDED.addAndGet(texts)));
  }

  @AfterAll
  static void unloadTheModel() {
    model.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void postsGoAllTheWayAndSurviveARestartOfEveryNode(int size) throws SQLException {
    DataSource database = TestPostgres.fresh();
    try (ListeningFixture grid = grid(size, database)) {
      List<Receipt> receipts = grid.first().intake().take(WORKSPACE, retellings(30));
      assertThat(receipts).hasSize(120).allMatch(r -> r instanceof Receipt.Accepted);
      assertThat(count(database, "post")).as("acknowledged is stored").isEqualTo(120);
      grid.settle();

      assertThat(grid.first().verification().run(false)).satisfies(ListeningTest::isClean);
      assertThat(bestHit(grid, "earthquake and lava in Iceland")).contains("Volcano");
      assertThat(grid.first().intake().take(WORKSPACE, retellings(30)))
          .as("importing again changes nothing")
          .allMatch(r -> r instanceof Receipt.Unchanged);
      await()
          .untilAsserted(
              () ->
                  assertThat(grid.trends())
                      .extracting(Trend::postCount)
                      .anyMatch(posts -> posts > 10));
      assertThat(grid.told.stream().filter(s -> s instanceof Event.Subject.OfPost)).hasSize(120);
    }
    int embeddedBefore = EMBEDDED.get();
    try (ListeningFixture again = grid(size, database)) {
      again.settle();
      Verification.Report report = again.first().verification().run(false);
      assertThat(report).satisfies(ListeningTest::isClean);
      assertThat(report.gridPosts()).isEqualTo(120);
      assertThat(reloaded(again, "post")).isEqualTo(120);
      assertThat(reloaded(again, "post_vector")).isPositive();
      assertThat(gauge(again, "pulsegrid.reload.partitions")).isZero();
      assertThat(report.indexedPosts()).isEqualTo(120);
      assertThat(EMBEDDED.get()).as("nothing is embedded twice").isEqualTo(embeddedBefore);
      assertThat(bestHit(again, "interest rates of the central bank")).contains("Central bank");

      // Clustering goes on as if it had never stopped: a further telling joins its story.
      again.first().intake().take(WORKSPACE, List.of(retelling(0, 999)));
      again.settle();
      Post joined = again.find("0-999");
      assertThat(joined.progress().trendId()).isEqualTo(again.find("0-29").progress().trendId());
    }
  }

  @Test
  void aRowThatPostgresRefusesIsParkedAndTheOthersGoIn() throws SQLException {
    DataSource database = TestPostgres.fresh();
    try (ListeningFixture grid = grid(1, database)) {
      List<Receipt> receipts =
          grid.first()
              .intake()
              .take(
                  WORKSPACE,
                  List.of(
                      post("a", "a healthy row", NOON),
                      post("b", "poison \u0000 in the middle", NOON),
                      post("c", "another healthy row", NOON)));
      assertThat(receipts.get(0)).isInstanceOf(Receipt.Accepted.class);
      assertThat(receipts.get(1)).isInstanceOf(Receipt.Parked.class);
      assertThat(receipts.get(2)).isInstanceOf(Receipt.Accepted.class);
      assertThat(count(database, "post")).isEqualTo(2);
      assertThat(count(database, "parked_post")).isEqualTo(1);
      grid.settle();
      assertThat(grid.first().verification().run(false)).satisfies(ListeningTest::isClean);
    }
  }

  @Test
  void verificationFindsWhatWasTamperedWithAndRepairsIt() throws SQLException {
    DataSource database = TestPostgres.fresh();
    // Enough of them that each of the two nodes has some to mend.
    try (ListeningFixture grid = grid(2, database)) {
      grid.first().intake().take(WORKSPACE, retellings(10));
      grid.settle();
      assertThat(grid.first().verification().run(false)).satisfies(ListeningTest::isClean);
      execute(database, "DELETE FROM post WHERE native_id LIKE '_-0' OR native_id LIKE '_-1'");
      execute(database, "UPDATE post SET number = number + 5 WHERE native_id LIKE '_-2'");

      Verification.Report found = grid.first().verification().run(true);
      assertThat(found.clean()).isFalse();
      assertThat(found.differing()).isEqualTo(12);
      assertThat(found.differences()).hasSize(12).allMatch(d -> d.contains("store"));
      grid.settle();
      assertThat(grid.first().verification().run(false)).satisfies(ListeningTest::isClean);
      assertThat(count(database, "post")).isEqualTo(40);
    }
  }

  @Test
  void aPostThatHasLeftTheGridIsKnownWhenItComesAgain() throws SQLException {
    DataSource database = TestPostgres.fresh();
    try (ListeningFixture grid = grid(1, database)) {
      grid.first().intake().take(WORKSPACE, List.of(post("1", STORIES.get(0), NOON, 3)));
      grid.settle();
      assertThat(grid.first().verification().run(false)).satisfies(ListeningTest::isClean);
      PostId id = PostId.of(WORKSPACE, "test", "1");
      grid.first().caches().posts().remove(id.value());
      assertThat(grid.first().posts().find(WORKSPACE, id)).as("GET answers still").isPresent();

      assertThat(grid.first().intake().take(WORKSPACE, List.of(post("1", STORIES.get(0), NOON, 3))))
          .containsExactly(new Receipt.Unchanged(id));
      assertThat(grid.first().intake().take(WORKSPACE, List.of(post("1", STORIES.get(0), NOON, 9))))
          .containsExactly(new Receipt.Accepted(id));
      assertThat(grid.first().verification().run(false)).satisfies(ListeningTest::isClean);
    }
  }

  @Test
  void vectorsOfAnotherModelAreMadeAnew() throws SQLException {
    DataSource database = TestPostgres.fresh();
    try (ListeningFixture grid = grid(1, database)) {
      grid.first().intake().take(WORKSPACE, retellings(1));
      grid.settle();
      assertThat(grid.first().verification().run(false)).satisfies(ListeningTest::isClean);
    }
    execute(database, "UPDATE post_vector SET model = 'another'");
    execute(database, "UPDATE cluster_checkpoint SET model = 'another'");
    try (ListeningFixture again = grid(1, database)) {
      await()
          .untilAsserted(
              () ->
                  assertThat(count(database, "post_vector WHERE model = '" + model.model() + "'"))
                      .isEqualTo(4));
      assertThat(again.first().verification().run(false)).satisfies(ListeningTest::isClean);
      assertThat(bestHit(again, "lava in Iceland")).contains("Volcano");
    }
  }

  @Test
  void aWorkspaceThatWasNotSavedIsClusteredAgainThoughAnotherWas() throws SQLException {
    DataSource database = TestPostgres.fresh();
    WorkspaceId other = new WorkspaceId("other");
    execute(database, "INSERT INTO workspace (id) VALUES ('other')");
    try (ListeningFixture grid = grid(1, database)) {
      grid.first().intake().take(other, List.of(post("1", STORIES.get(0), NOON)));
      grid.first().intake().take(WORKSPACE, List.of(post("1", STORIES.get(1), NOON)));
      grid.settle();
    }
    // As a kill between the two workspaces' checkpoints leaves it.
    execute(database, "DELETE FROM trend WHERE workspace = 'other'");
    execute(database, "UPDATE cluster_checkpoint SET last_sequence = 0 WHERE workspace = 'other'");
    try (ListeningFixture again = grid(1, database)) {
      await()
          .untilAsserted(
              () -> assertThat(count(database, "trend WHERE workspace = 'other'")).isEqualTo(1));
      assertThat(count(database, "trend WHERE workspace = '" + WORKSPACE + "'")).isEqualTo(1);
      assertThat(again.first().verification().run(false)).satisfies(ListeningTest::isClean);
    }
  }

  @Test
  void likeReadsAPostsOwnQuotesAndDashesAsWords() throws SQLException {
    DataSource database = TestPostgres.fresh();
    try (ListeningFixture grid = grid(1, database)) {
      grid.first()
          .intake()
          .take(
              WORKSPACE,
              List.of(
                  post("1", "\"Volcano erupts\" -flights to Iceland stopped", NOON),
                  post("2", "Volcano ash: flights to Iceland delayed", NOON)));
      grid.settle();
      SearchQuery like =
          new SearchQuery(
              null,
              PostId.of(WORKSPACE, "test", "1"),
              SearchQuery.Mode.TEXT,
              SearchFilter.everythingIn(WORKSPACE),
              PageRequest.first());
      assertThat(grid.first().search().search(like).hits())
          .singleElement()
          .satisfies(hit -> assertThat(hit.post().content().nativeId()).isEqualTo("2"));
    }
  }

  @Test
  void nearDuplicatesAreFoundCountedAndNotEmbedded() throws SQLException {
    DataSource database = TestPostgres.fresh();
    try (ListeningFixture grid = grid(1, database)) {
      int before = EMBEDDED.get();
      grid.first()
          .intake()
          .take(
              WORKSPACE,
              List.of(
                  post("1", STORIES.get(0), NOON),
                  post("2", "RT @bob: " + STORIES.get(0) + " https://t.co/abc", NOON),
                  post("3", STORIES.get(0).toUpperCase(Locale.ROOT) + "!", NOON)));
      grid.settle();
      assertThat(EMBEDDED.get() - before).isEqualTo(1);
      assertThat(grid.find("2").progress().duplicateOf()).isEqualTo(grid.find("1").id());
      assertThat(grid.find("3").progress().duplicateOf()).isEqualTo(grid.find("1").id());
      await()
          .untilAsserted(
              () -> assertThat(grid.trends()).extracting(Trend::postCount).containsExactly(3L));
    }
  }

  @Test
  void aPostRepeatsNoWordingThatItsOriginalHasGivenUp() throws SQLException {
    DataSource database = TestPostgres.fresh();
    try (ListeningFixture grid = grid(1, database)) {
      take(grid, post("1", STORIES.get(0), NOON));
      take(grid, post("1", STORIES.get(1), NOON));
      take(grid, post("2", STORIES.get(0), NOON));
      take(grid, post("3", STORIES.get(0) + "!", NOON));
      assertThat(grid.find("2").progress().duplicateOf()).isNull();
      assertThat(grid.find("3").progress().duplicateOf()).isEqualTo(grid.find("2").id());
    }
    // The claim of an original that left the grid unseen is void as well.
    try (ListeningFixture again = grid(1, TestPostgres.fresh())) {
      take(again, post("1", STORIES.get(0), NOON));
      again.first().caches().posts().remove(PostId.of(WORKSPACE, "test", "1").value());
      take(again, post("2", STORIES.get(0), NOON));
      assertThat(again.find("2").progress().duplicateOf()).isNull();
    }
  }

  @Test
  void aPostRewordedIntoADuplicateDoesNotKeepTheVectorOfItsOldWording() throws SQLException {
    DataSource database = TestPostgres.fresh();
    try (ListeningFixture grid = grid(1, database)) {
      take(grid, post("1", STORIES.get(0), NOON));
      take(grid, post("2", STORIES.get(1), NOON));
      take(grid, post("2", STORIES.get(0), NOON));
      Post reworded = grid.find("2");
      assertThat(reworded.progress().duplicateOf()).isEqualTo(grid.find("1").id());
      assertThat(grid.first().caches().vectors().get(reworded.id().value()).sequence())
          .isEqualTo(reworded.progress().sequence());
      await()
          .untilAsserted(
              () ->
                  assertThat(grid.first().verification().run(false))
                      .satisfies(ListeningTest::isClean));
    }
  }

  @Test
  void aPostThatIsCountedAgainIsToldAsItStands() throws SQLException {
    DataSource database = TestPostgres.fresh();
    try (ListeningFixture grid = grid(2, database)) {
      for (int i = 0; i < 8; i++) {
        take(grid, post("p" + i, STORIES.get(i % STORIES.size()) + " " + i, NOON, 1));
      }
      grid.told.clear();
      for (int i = 0; i < 8; i++) {
        String nativeId = "p" + i;
        Post before = grid.find(nativeId);
        grid.first()
            .intake()
            .take(
                WORKSPACE,
                List.of(post(nativeId, STORIES.get(i % STORIES.size()) + " " + i, NOON, 7)));
        // A trend's state is told when its moment comes, between these as well.
        Post told =
            grid.told.stream()
                .filter(Event.Subject.OfPost.class::isInstance)
                .map(subject -> ((Event.Subject.OfPost) subject).post())
                .reduce((earlier, later) -> later)
                .orElseThrow();
        assertThat(told).isEqualTo(grid.find(nativeId));
        assertThat(told.progress()).isEqualTo(before.progress());
        assertThat(told.collectedAt()).isEqualTo(before.collectedAt());
      }
    }
  }

  @Test
  void aStoreThatIsAwayAcknowledgesNothing() throws SQLException {
    DataSource database = TestPostgres.fresh();
    try (ListeningFixture grid = grid(1, database)) {
      take(grid, post("known", "known before", NOON));
      execute(database, "ALTER TABLE post RENAME TO elsewhere");
      for (IncomingPost post :
          List.of(post("1", "unlucky", NOON), post("known", "known before", NOON, 7))) {
        assertThatThrownBy(() -> grid.first().intake().take(WORKSPACE, List.of(post)))
            .isInstanceOf(PulsegridException.class)
            .hasMessageContaining("nothing is lost by sending them again");
      }
      await()
          .untilAsserted(
              () -> {
                assertThat(gauge(grid, "pulsegrid.store.dirty.rows")).isEqualTo(1);
                assertThat(gauge(grid, "pulsegrid.store.dirty.age")).isPositive();
              });
      execute(database, "ALTER TABLE elsewhere RENAME TO post");
      await().until(() -> gauge(grid, "pulsegrid.store.dirty.rows") == 0);
      await().until(() -> gauge(grid, "pulsegrid.store.dirty.age") == 0);
      assertThat(grid.first().intake().take(WORKSPACE, List.of(post("1", "unlucky", NOON))))
          .allMatch(r -> !(r instanceof Receipt.Parked));
      assertThat(count(database, "post")).isEqualTo(2);
    }
  }

  @Test
  void workspacesDoNotSeeEachOther() throws SQLException {
    var other = new WorkspaceId("other");
    DataSource database = TestPostgres.fresh();
    try (ListeningFixture grid = grid(1, database)) {
      grid.first().intake().take(WORKSPACE, List.of(post("1", STORIES.get(0), NOON)));
      grid.first().intake().take(other, List.of(post("1", STORIES.get(0), NOON)));
      grid.settle();
      PostId mine = PostId.of(WORKSPACE, "test", "1");
      assertThat(grid.first().posts().find(WORKSPACE, mine)).isPresent();
      assertThat(grid.first().posts().find(other, mine)).isEmpty();
      assertThat(hits(grid, "volcano").hits()).hasSize(1);
      assertThat(
              grid.first()
                  .posts()
                  .list(new Posts.Query(other, null, null, null, null, null), PageRequest.first())
                  .items())
          .extracting(Post::workspace)
          .containsOnly(other);
    }
  }

  private static double gauge(ListeningFixture grid, String name) {
    return grid.first().meters().get(name).gauge().value();
  }

  private static double reloaded(ListeningFixture grid, String table) {
    return grid.nodes.stream()
        .mapToDouble(
            node ->
                node.meters().get("pulsegrid.reload.rows").tag("table", table).counter().count())
        .sum();
  }

  private ListeningFixture grid(int size, DataSource database) throws SQLException {
    return new ListeningFixture(size, database, directory, model, InstantSource.system());
  }

  private static void take(ListeningFixture grid, IncomingPost post) {
    assertThat(grid.first().intake().take(WORKSPACE, List.of(post)))
        .allMatch(receipt -> receipt instanceof Receipt.Accepted);
    grid.settle();
  }

  private static List<IncomingPost> retellings(int each) {
    List<IncomingPost> posts = new ArrayList<>();
    for (int n = 0; n < each; n++) {
      for (int story = 0; story < STORIES.size(); story++) {
        posts.add(retelling(story, n));
      }
    }
    return posts;
  }

  private static IncomingPost retelling(int story, int n) {
    List<String> openings =
        List.of("Breaking", "Report", "Just in", "Watch", "Update", "Live", "Analysis");
    String title = openings.get(n % openings.size()) + ": " + STORIES.get(story) + ", part " + n;
    return post(story + "-" + n, title, NOON.plus(Duration.ofMinutes(n)));
  }

  private static SearchAnswer hits(ListeningFixture grid, String text) {
    return grid.first()
        .search()
        .search(
            new SearchQuery(
                text,
                null,
                SearchQuery.Mode.HYBRID,
                SearchFilter.everythingIn(WORKSPACE),
                PageRequest.first()));
  }

  private static String bestHit(ListeningFixture grid, String text) {
    Post best = hits(grid, text).hits().getFirst().post();
    assertThat(best.progress().stage()).isEqualTo(Stage.CLUSTERED);
    return best.content().wording();
  }

  private static void isClean(Verification.Report report) {
    assertThat(report.differences()).isEmpty();
    assertThat(report.clean()).isTrue();
    assertThat(report.gridPosts()).isEqualTo(report.storedPosts());
    assertThat(report.indexedPosts()).isEqualTo(report.storedPosts());
    assertThat(report.gridVectors()).isEqualTo(report.storedVectors());
  }

  private static long count(DataSource database, String table) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT count(*) FROM " + table)) {
      row.next();
      return row.getLong(1);
    }
  }

  private static void execute(DataSource database, String sql) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
