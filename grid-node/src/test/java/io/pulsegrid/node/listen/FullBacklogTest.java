package io.pulsegrid.node.listen;

import static io.pulsegrid.node.listen.ListeningFixture.WORKSPACE;
import static io.pulsegrid.node.listen.ListeningFixture.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pulsegrid.core.failure.FailureCode;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.grid.Verification;
import io.pulsegrid.core.post.IncomingPost;
import io.pulsegrid.core.post.Intake.Receipt;
import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.search.Embedder;
import io.pulsegrid.core.telling.Event;
import io.pulsegrid.node.grid.GridFixture;
import io.pulsegrid.node.store.TestPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What a grid does with more posts while Postgres does not keep up with those that it has. */
class FullBacklogTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final int MOST = 100;
  private static final int POSTS = 80;

  private final DataSource database = TestPostgres.fresh();
  private final CountDownLatch embeds = new CountDownLatch(1);
  @TempDir private Path directory;

  @Test
  void refusesPostsWhileMoreIsDirtyThanMayBeAndLosesNoneOfThoseItHas() throws SQLException {
    try (ListeningFixture grid = grid(MOST)) {
      ListeningFixture.Node node = grid.first();
      List<PostId> acknowledged = take(node, "early");
      try (Connection writer = database.getConnection();
          Statement lock = writer.createStatement()) {
        writer.setAutoCommit(false);
        // Read still, as in a Postgres whose disk is busy: what is written waits.
        lock.execute("LOCK TABLE post, post_vector IN EXCLUSIVE MODE");
        embeds.countDown();
        // Each post has come to another stage and has a vector, and neither is stored.
        await().untilAsserted(() -> assertThat(dirtyRows(node)).isEqualTo(2. * POSTS));
        assertThat(waiting(node)).as("not what it is refused for").isLessThanOrEqualTo(MOST);

        assertThatThrownBy(() -> take(node, "late"))
            .isInstanceOfSatisfying(
                PulsegridException.class,
                refusal -> {
                  assertThat(refusal.code()).isEqualTo(FailureCode.UNAVAILABLE);
                  assertThat(refusal.code().httpStatus()).isEqualTo(503);
                  assertThat(refusal.retryAfter()).isPresent();
                })
            .hasMessageContaining("too many posts wait to be worked on");
        assertThat(node.caches().posts().size()).as("no trace of it").isEqualTo(POSTS);
        assertThat(node.meters().get("pulsegrid.store.dirty.age").gauge().value()).isPositive();
        assertThat(storedVectors()).isZero();
        writer.rollback();
      }

      await().untilAsserted(() -> assertThat(dirtyRows(node)).isZero());
      List<PostId> later = take(node, "late");
      grid.settle();
      Verification.Report report = node.verification().run(false);
      assertThat(report.differences()).isEmpty();
      assertThat(report.clean()).isTrue();
      assertThat(storedIds())
          .containsAll(acknowledged.stream().map(PostId::value).toList())
          .containsAll(later.stream().map(PostId::value).toList())
          .hasSize(2 * POSTS);
      assertThat(storedVectors()).isEqualTo(2L * POSTS);
    }
  }

  @Test
  void tellsOfThePostsThatOneNodeTookInWhileAnotherRefusedTheirs() throws SQLException {
    embeds.countDown();
    try (ListeningFixture grid = grid(250_000, -1)) {
      assertThatThrownBy(() -> take(grid.first(), "half"))
          .isInstanceOfSatisfying(
              PulsegridException.class,
              refusal -> assertThat(refusal.code()).isEqualTo(FailureCode.UNAVAILABLE));
      assertThat(storedIds()).isNotEmpty().hasSizeLessThan(POSTS);
      assertThat(grid.told.stream().map(FullBacklogTest::idOf))
          .containsExactlyInAnyOrderElementsOf(storedIds());
    }
  }

  private static String idOf(Event.Subject subject) {
    return ((Event.Subject.OfPost) subject).post().id().value();
  }

  /** A grid of a node for each bound of how much may wait on it. */
  private ListeningFixture grid(int... most) throws SQLException {
    return new ListeningFixture(
        GridFixture.of(most.length),
        most.length,
        database,
        directory,
        _ -> new Waiting(new WordEmbedder()),
        InstantSource.system(),
        new ListeningFixture.Between() {
          @Override
          public int maxBacklog(int node) {
            return most[node];
          }
        });
  }

  private static List<PostId> take(ListeningFixture.Node node, String prefix) {
    List<IncomingPost> posts = new ArrayList<>();
    for (int i = 0; i < POSTS; i++) {
      posts.add(post(prefix + i, prefix + " story" + i + " of word" + 7 * i, NOON));
    }
    return node.intake().take(WORKSPACE, posts).stream()
        .map(receipt -> ((Receipt.Accepted) receipt).id())
        .toList();
  }

  private static double dirtyRows(ListeningFixture.Node node) {
    return node.meters().get("pulsegrid.store.dirty.rows").gauge().value();
  }

  private static double waiting(ListeningFixture.Node node) {
    return node.meters().get("pulsegrid.queue.stage").gauges().stream()
        .mapToDouble(gauge -> gauge.value())
        .sum();
  }

  private List<String> storedIds() {
    return JdbcClient.create(database).sql("SELECT id FROM post").query(String.class).list();
  }

  private long storedVectors() {
    return JdbcClient.create(database)
        .sql("SELECT count(*) FROM post_vector")
        .query(Long.class)
        .single();
  }

  /** A model that embeds nothing until it may. */
  private final class Waiting implements Embedder {
    private final Embedder model;

    Waiting(Embedder model) {
      this.model = model;
    }

    @Override
    public String model() {
      return model.model();
    }

    @Override
    public int dimensions() {
      return model.dimensions();
    }

    @Override
    public List<float[]> embed(List<String> texts) {
      try {
        embeds.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return model.embed(texts);
    }

    @Override
    public void close() {
      model.close();
    }
  }
}
