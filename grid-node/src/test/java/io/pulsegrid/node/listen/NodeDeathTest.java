package io.pulsegrid.node.listen;

import static io.pulsegrid.node.listen.ListeningFixture.WORKSPACE;
import static io.pulsegrid.node.listen.ListeningFixture.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pulsegrid.core.grid.Verification;
import io.pulsegrid.core.post.IncomingPost;
import io.pulsegrid.core.post.Intake.Receipt;
import io.pulsegrid.core.post.PostId;
import io.pulsegrid.node.grid.wire.PostChange;
import io.pulsegrid.node.grid.wire.PostWire;
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
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What nodes that die take with them: nothing that was acknowledged. */
class NodeDeathTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  private final WordEmbedder embedder = new WordEmbedder();
  private final DataSource database = TestPostgres.fresh();
  @TempDir private Path directory;

  @Test
  void anImportGoesOnWhileANodeDiesAndItsSuccessorStoresWhatItLeftDirty() throws Exception {
    try (ListeningFixture grid = grid(3)) {
      List<Throwable> failures = new CopyOnWriteArrayList<>();
      AtomicBoolean done = new AtomicBoolean();
      List<PostId> acknowledged = new CopyOnWriteArrayList<>();
      Thread sender =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      for (int batch = 0; !done.get() || batch < 30; batch++) {
                        acknowledged.addAll(take(grid.first(), posts("p" + batch, 40)));
                      }
                    } catch (RuntimeException e) {
                      failures.add(e);
                    }
                  });
      await().until(() -> acknowledged.size() > 400);
      grid.kill(grid.nodes.getLast());
      int atDeath = acknowledged.size();
      await().atMost(Duration.ofSeconds(30)).until(() -> acknowledged.size() > atDeath + 400);
      done.set(true);
      sender.join();

      assertThat(failures).isEmpty();
      assertThat(stored()).containsAll(values(acknowledged));
      grid.settle();
      assertThat(grid.first().verification().run(false)).satisfies(NodeDeathTest::isClean);
    }
  }

  @Test
  void twoOfThreeNodesThatDieAtOnceTakeNothingThatWasAcknowledged() throws SQLException {
    try (ListeningFixture grid = grid(3)) {
      List<PostId> before = take(grid.first(), posts("before", 300));
      grid.settle();
      assertThat(grid.first().verification().run(false)).satisfies(NodeDeathTest::isClean);
      int embedded = embedder.embedded();
      long highest = highestSequence();

      grid.kill(grid.nodes.get(1), grid.nodes.get(2));
      assertThat(grid.first().posts().find(WORKSPACE, before.getFirst()))
          .as("found while its partition may be lost")
          .isPresent();
      List<PostId> during = take(grid.first(), posts("during", 100));
      await().until(grid.first().listening()::isWhole);
      assertThat(grid.first().listening().partitionsToLoad()).isZero();

      grid.settle();
      assertThat(held(grid.first())).containsAll(values(before)).containsAll(values(during));
      assertThat(grid.first().verification().run(false)).satisfies(NodeDeathTest::isClean);
      assertThat(embedder.embedded() - embedded)
          .as("vectors come back with the rows")
          .isEqualTo(100);
      assertThat(sequencesOf(grid.first(), during))
          .as("no place is given twice")
          .doesNotHaveDuplicates()
          .allMatch(sequence -> sequence > highest);

      ListeningFixture.Node fourth = grid.add();
      assertThat(take(fourth, posts("after", 100))).hasSize(100);
      grid.settle();
      assertThat(fourth.verification().run(false)).satisfies(NodeDeathTest::isClean);
    }
  }

  @Test
  void aRowOfAWriterThatWasCutOffIsTakenOverAndTheAcknowledgedPostComesOnTop() throws SQLException {
    try (ListeningFixture grid = grid(1)) {
      PostId id = take(grid.first(), List.of(post("1", "first wording", NOON))).getFirst();
      grid.settle();
      assertThat(grid.first().verification().run(false)).satisfies(NodeDeathTest::isClean);
      execute("UPDATE post SET title = 'of the other', epoch = epoch + 9 WHERE native_id = '1'");

      take(grid.first(), List.of(post("1", "second wording", NOON)));
      assertThat(text("SELECT title FROM post WHERE native_id = '1'")).isEqualTo("second wording");
      assertThat(grid.first().caches().posts().get(id.value()).content().title())
          .isEqualTo("second wording");
      grid.settle();
      assertThat(grid.first().verification().run(false)).satisfies(NodeDeathTest::isClean);
    }
  }

  @Test
  void theFlusherTakesOverWhatAnotherWriterStoredLater() throws SQLException {
    try (ListeningFixture grid = grid(1)) {
      PostId id = take(grid.first(), List.of(post("1", "a wording", NOON))).getFirst();
      grid.settle();
      assertThat(grid.first().verification().run(false)).satisfies(NodeDeathTest::isClean);
      execute("UPDATE post SET likes = 77, epoch = epoch + 9 WHERE native_id = '1'");

      // Marked dirty without a new revision of its own epoch being later than the other's.
      grid.first().caches().posts().invoke(id.value(), new PostChange.Mistrusted(0));
      await()
          .untilAsserted(
              () ->
                  assertThat(
                          grid.first()
                              .caches()
                              .posts()
                              .get(id.value())
                              .post(id)
                              .engagement()
                              .likes())
                      .isEqualTo(77));
      assertThat(grid.first().verification().run(false)).satisfies(NodeDeathTest::isClean);
    }
  }

  private ListeningFixture grid(int size) throws SQLException {
    return new ListeningFixture(size, database, directory, embedder, InstantSource.system());
  }

  private static List<PostId> take(ListeningFixture.Node node, List<IncomingPost> posts) {
    return node.intake().take(WORKSPACE, posts).stream()
        .map(receipt -> assertThat(receipt).isInstanceOf(Receipt.Accepted.class).actual())
        .map(receipt -> ((Receipt.Accepted) receipt).id())
        .toList();
  }

  private static List<IncomingPost> posts(String prefix, int count) {
    List<IncomingPost> posts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String id = prefix + "-" + i;
      posts.add(post(id, "word" + i + " of " + prefix + " number" + (i * 7) + " tells", NOON));
    }
    return posts;
  }

  private static List<String> values(List<PostId> ids) {
    return ids.stream().map(PostId::value).toList();
  }

  private static Set<String> held(ListeningFixture.Node node) {
    Set<String> ids = new HashSet<>();
    node.caches()
        .posts()
        .query(new org.apache.ignite.cache.query.ScanQuery<String, PostWire>())
        .forEach(entry -> ids.add(entry.getKey()));
    return ids;
  }

  private static List<Long> sequencesOf(ListeningFixture.Node node, List<PostId> ids) {
    return ids.stream().map(id -> node.caches().posts().get(id.value()).sequence()).toList();
  }

  private static void isClean(Verification.Report report) {
    assertThat(report.differences()).isEmpty();
    assertThat(report.clean()).isTrue();
    assertThat(report.indexedPosts()).isEqualTo(report.storedPosts());
    assertThat(report.gridPosts()).isEqualTo(report.storedPosts());
    assertThat(report.gridVectors()).isEqualTo(report.storedVectors());
  }

  private Set<String> stored() throws SQLException {
    Set<String> ids = new HashSet<>();
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT id FROM post")) {
      while (rows.next()) {
        ids.add(rows.getString(1));
      }
    }
    return ids;
  }

  private long highestSequence() throws SQLException {
    return Long.parseLong(text("SELECT max(sequence) FROM post"));
  }

  private String text(String sql) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
