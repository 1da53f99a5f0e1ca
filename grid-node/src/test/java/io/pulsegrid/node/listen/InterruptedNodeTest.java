package io.pulsegrid.node.listen;

import static io.pulsegrid.node.listen.ListeningFixture.WORKSPACE;
import static io.pulsegrid.node.listen.ListeningFixture.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pulsegrid.core.grid.Verification;
import io.pulsegrid.core.post.IncomingPost;
import io.pulsegrid.core.post.Intake.Receipt;
import io.pulsegrid.core.post.PostId;
import io.pulsegrid.node.grid.CacheShapes;
import io.pulsegrid.node.grid.GridFixture;
import io.pulsegrid.node.grid.wire.PostChange;
import io.pulsegrid.node.store.TestPostgres;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
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
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.apache.ignite.IgniteCache;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** Nodes that are stopped in the middle of something that others then do. */
class InterruptedNodeTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final int POSTS = 60;

  private final DataSource database = TestPostgres.fresh();
  @TempDir private Path directory;

  @Test
  void aFlushThatWakesAfterItsNodeWasReplacedOverwritesNothing() throws SQLException {
    Held held = new Held();
    ListeningFixture.Between store =
        new ListeningFixture.Between() {
          @Override
          public DataSource store(int node, DataSource real) {
            return node > 0 ? real : held.store(real);
          }
        };
    try (ListeningFixture grid = grid(2, store);
        held) {
      List<PostId> ids = take(grid.first(), "first wording");
      grid.settle();
      assertThat(grid.first().verification().run(false)).satisfies(InterruptedNodeTest::isClean);

      held.hold();
      // Each gets a new revision that Postgres lacks; both flushers take up their own.
      ids.forEach(
          id -> grid.first().caches().posts().invoke(id.value(), new PostChange.Mistrusted(0)));
      await()
          .until(
              () ->
                  held.threads()
                      .anyMatch(thread -> thread.getName().equals(ListeningFixture.STORE_THREAD)));
      grid.kill(grid.first());
      assertThat(take(grid.first(), "second wording")).containsExactlyElementsOf(ids);
      assertThat(wordings()).containsOnly("second wording");

      held.release();
      await().atMost(Duration.ofSeconds(30)).until(() -> held.threads().noneMatch(Thread::isAlive));
      assertThat(wordings()).containsOnly("second wording");
      grid.settle();
      assertThat(grid.first().verification().run(false)).satisfies(InterruptedNodeTest::isClean);
    }
  }

  @Test
  void theNextOldestFinishesTheResetOfLostPartitionsThatTheOldestBegan() throws SQLException {
    Held held = new Held();
    ListeningFixture.Between facts =
        new ListeningFixture.Between() {
          @Override
          public IgniteCache<String, Long> facts(int node, IgniteCache<String, Long> real) {
            return node > 0 ? real : stopsAtTheEnd(held, real);
          }
        };
    try (ListeningFixture grid = grid(4, facts);
        held) {
      List<PostId> ids = take(grid.first(), "first wording");
      grid.settle();
      held.hold();
      grid.kill(grid.nodes.get(2), grid.nodes.get(3));
      await().atMost(Duration.ofSeconds(30)).until(() -> held.threads().findAny().isPresent());
      grid.kill(grid.first());

      await().atMost(Duration.ofMinutes(1)).until(grid.first().listening()::isWhole);
      assertThat(take(grid.first(), "second wording")).containsExactlyElementsOf(ids);
      grid.settle();
      assertThat(wordings()).hasSize(POSTS).containsOnly("second wording");
      assertThat(grid.first().verification().run(false)).satisfies(InterruptedNodeTest::isClean);
    }
  }

  @Test
  void noNodeIsReadyWhileOneHasStillToLoadItsShare() throws Exception {
    try (ListeningFixture grid = grid(2, new ListeningFixture.Between() {})) {
      take(grid.first(), "first wording");
      grid.settle();
    }
    Held held = new Held();
    CompletableFuture<Listening> other = new CompletableFuture<>();
    ListeningFixture.Between store =
        new ListeningFixture.Between() {
          @Override
          public DataSource store(int node, DataSource real) {
            return node == 0 ? real : held.store(real);
          }

          @Override
          public void loads(List<ListeningFixture.Node> nodes) {
            held.hold();
            other.complete(nodes.getFirst().listening());
          }
        };
    CompletableFuture<Boolean> ready =
        other.thenApplyAsync(
            listening -> {
              try (held) {
                await()
                    .atMost(Duration.ofMinutes(1))
                    .until(
                        listening::partitionsToLoad,
                        parts -> parts > 0 && parts < CacheShapes.PARTITIONS);
                return listening.isWhole();
              }
            });
    try (ListeningFixture grid = grid(2, store)) {
      assertThat(ready.join()).isFalse();
      assertThat(grid.first().listening().partitionsToLoad()).isZero();
      assertThat(grid.first().verification().run(false)).satisfies(InterruptedNodeTest::isClean);
    }
  }

  /** Threads that stop at a place for as long as they are held there, as in a stopped process. */
  private static final class Held implements AutoCloseable {
    private final Queue<Thread> threads = new ConcurrentLinkedQueue<>();
    private volatile boolean holding;
    private final CountDownLatch released = new CountDownLatch(1);

    void here() {
      if (!holding) {
        return;
      }
      threads.add(Thread.currentThread());
      while (released.getCount() > 0) {
        LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
      }
    }

    DataSource store(DataSource real) {
      return new DelegatingDataSource(real) {
        @Override
        public Connection getConnection() throws SQLException {
          here();
          return super.getConnection();
        }
      };
    }

    void hold() {
      holding = true;
    }

    void release() {
      released.countDown();
    }

    @Override
    public void close() {
      release();
    }

    Stream<Thread> threads() {
      return threads.stream();
    }
  }

  /** The cache, out of which the intention to reset is never taken: its node stops before. */
  @SuppressWarnings("unchecked") // the proxy stands for what it was made of
  private static IgniteCache<String, Long> stopsAtTheEnd(
      Held held, IgniteCache<String, Long> real) {
    return (IgniteCache<String, Long>)
        Proxy.newProxyInstance(
            InterruptedNodeTest.class.getClassLoader(),
            new Class<?>[] {IgniteCache.class},
            (_, method, arguments) -> {
              if (method.getName().equals("remove")) {
                held.here();
              }
              try {
                return method.invoke(real, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private ListeningFixture grid(int size, ListeningFixture.Between between) throws SQLException {
    return new ListeningFixture(
        GridFixture.of(size),
        size,
        database,
        directory,
        _ -> new WordEmbedder(),
        InstantSource.system(),
        between);
  }

  private static List<PostId> take(ListeningFixture.Node node, String wording) {
    List<IncomingPost> posts = new ArrayList<>();
    for (int i = 0; i < POSTS; i++) {
      posts.add(post("post" + i, wording + " of story" + i + " word" + (7 * i), NOON));
    }
    return node.intake().take(WORKSPACE, posts).stream()
        .map(receipt -> ((Receipt.Accepted) receipt).id())
        .toList();
  }

  private List<String> wordings() throws SQLException {
    List<String> titles = new ArrayList<>();
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT title FROM post")) {
      while (rows.next()) {
        titles.add(rows.getString(1).replaceFirst(" of story.*", ""));
      }
    }
    return titles;
  }

  private static void isClean(Verification.Report report) {
    assertThat(report.differences()).isEmpty();
    assertThat(report.clean()).isTrue();
    assertThat(report.gridPosts()).isEqualTo(POSTS);
    assertThat(report.storedPosts()).isEqualTo(POSTS);
  }
}
