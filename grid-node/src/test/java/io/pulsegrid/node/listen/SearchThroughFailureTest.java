package io.pulsegrid.node.listen;

import static io.pulsegrid.node.listen.ListeningFixture.WORKSPACE;
import static io.pulsegrid.node.listen.ListeningFixture.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.page.PageRequest;
import io.pulsegrid.core.post.IncomingPost;
import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.search.Embedder;
import io.pulsegrid.core.search.SearchAnswer;
import io.pulsegrid.core.search.SearchFilter;
import io.pulsegrid.core.search.SearchQuery;
import io.pulsegrid.node.grid.GridConfiguration;
import io.pulsegrid.node.store.TestPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.apache.ignite.cache.CachePeekMode;
import org.apache.ignite.cluster.ClusterNode;
import org.apache.ignite.lang.IgniteRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SearchThroughFailureTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final int POSTS = 300;

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
  void everyNodeIndexesTheCopiesThatItKeeps() throws SQLException {
    try (ListeningFixture grid = grid(3)) {
      fill(grid);
      awaitIndexed(grid, 2 * POSTS);
      // A change, too: new likes are found in the index of whoever is asked.
      grid.first().intake().take(WORKSPACE, List.of(post("0", title(0), at(0), 77)));
      await()
          .atMost(Duration.ofSeconds(5))
          .untilAsserted(
              () ->
                  assertThat(
                          grid.nodes.stream().filter(node -> holdsAtItsRevision(node, "0")).count())
                      .isEqualTo(2));
    }
  }

  @Test
  void aSearchFindsAllWhileANodeDies() throws Exception {
    try (ListeningFixture grid = grid(3)) {
      fill(grid);
      awaitIndexed(grid, 2 * POSTS);
      Asking asking = new Asking(grid.first());
      grid.kill(grid.nodes.getLast());
      awaitIndexed(grid, 2 * POSTS);
      assertThat(asking.answers()).isNotEmpty().allSatisfy(SearchThroughFailureTest::findsAllOnce);
    }
  }

  @Test
  void aSilentNodeIsReplacedByItsBackups() throws SQLException {
    try (ListeningFixture grid = grid(3)) {
      fill(grid);
      awaitIndexed(grid, 2 * POSTS);
      CountDownLatch blocked = Blocking.begin();
      try {
        silence(grid, grid.nodes.getLast());
        SearchAnswer answer = search(grid.first());
        assertThat(answer).satisfies(SearchThroughFailureTest::findsAllOnce);
        assertThat(answer.tookMillis()).isBetween(450L, 4_000L);
        assertThat(search(grid.first()))
            .as("the silent one is not waited for again")
            .satisfies(SearchThroughFailureTest::findsAllOnce)
            .extracting(SearchAnswer::tookMillis)
            .satisfies(millis -> assertThat(millis).isLessThan(450));
      } finally {
        blocked.countDown();
      }
    }
  }

  @Test
  void withoutTheMajorityASearchIsAnsweredWholeOrNotAtAll() throws SQLException {
    try (ListeningFixture grid = grid(3)) {
      fill(grid);
      awaitIndexed(grid, 2 * POSTS);
      grid.majority = false;
      assertThat(search(grid.first())).satisfies(SearchThroughFailureTest::findsAllOnce);
      CountDownLatch blocked = Blocking.begin();
      try {
        grid.nodes.stream().skip(1).forEach(node -> silence(grid, node));
        assertThatThrownBy(() -> search(grid.first()))
            .isInstanceOf(PulsegridException.class)
            .hasMessageContaining("majority");
        grid.majority = true;
        assertThat(search(grid.first()).complete()).isFalse();
      } finally {
        blocked.countDown();
      }
    }
  }

  @Test
  void aSearchFindsAllWhilePartitionsMove() throws Exception {
    try (ListeningFixture grid = grid(2)) {
      fill(grid);
      awaitIndexed(grid, 2 * POSTS);
      Asking asking = new Asking(grid.first());
      ListeningFixture.Node third = grid.add();
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> third.caches().affinity().primaryPartitions(local(third)).length > 30);
      // What has moved leaves the nodes that it was on, once the third one has it.
      awaitIndexed(grid, 2 * POSTS);
      assertThat(asking.answers()).isNotEmpty().allSatisfy(SearchThroughFailureTest::findsAllOnce);
      assertThat(search(third)).satisfies(SearchThroughFailureTest::findsAllOnce);
      assertThat(third.index().size()).isPositive();
    }
  }

  @Test
  void anIndexOfBeforeIsCaughtUpAndServesNothingOld() throws SQLException {
    DataSource database = TestPostgres.fresh();
    try (ListeningFixture grid = grid(2, database)) {
      fill(grid);
      awaitIndexed(grid, 2 * POSTS);
    }
    // What a node misses while it is away: a deletion, a rewording, new likes.
    execute(database, "DELETE FROM post WHERE native_id = '0'");
    execute(
        database,
        "UPDATE post SET title = 'Entirely reworded', epoch = epoch + 1 WHERE native_id = '1'");
    execute(
        database, "UPDATE post SET likes = 5000, epoch = epoch + 1 WHERE native_id IN ('2', '3')");
    try (ListeningFixture again = grid(2, database)) {
      await()
          .atMost(Duration.ofSeconds(20))
          .ignoreExceptionsInstanceOf(PulsegridException.class)
          .untilAsserted(() -> assertThat(search(again.first()).complete()).isTrue());
      SearchAnswer all = search(again.first());
      assertThat(all.total()).isEqualTo(POSTS - 2);
      assertThat(all.hits())
          .extracting(hit -> hit.post().content().nativeId())
          .doesNotContain("0", "1");
      assertThat(search(again.first(), "entirely reworded", 0).total()).isEqualTo(1);
      assertThat(search(again.first(), "harbour", 4_000).total()).isEqualTo(2);
      awaitIndexed(again, 2 * (POSTS - 1));
    }
  }

  /** Takes every thread on which a node answers searches. */
  private static void silence(ListeningFixture grid, ListeningFixture.Node node) {
    for (int i = 0; i < 8; i++) {
      var _ =
          grid.first()
              .ignite()
              .compute(grid.first().ignite().cluster().forNode(local(node)))
              .withExecutor(GridConfiguration.SEARCH_EXECUTOR)
              .runAsync(new Blocking());
    }
  }

  /** Someone who searches without a pause, until asked what came of it. */
  private static final class Asking {
    private final AtomicBoolean over = new AtomicBoolean();
    private final FutureTask<List<SearchAnswer>> task;

    Asking(ListeningFixture.Node node) {
      task =
          new FutureTask<>(
              () -> {
                List<SearchAnswer> answers = new ArrayList<>();
                while (!over.get()) {
                  answers.add(search(node));
                }
                return answers;
              });
      Thread.ofPlatform().start(task);
    }

    /** All answers; fails if any search has failed. */
    List<SearchAnswer> answers() throws Exception {
      over.set(true);
      return task.get();
    }
  }

  /** Holds a thread of the node that it runs on, which is in this JVM. */
  private static final class Blocking implements IgniteRunnable {
    private static final long serialVersionUID = 1L;
    private static CountDownLatch latch = new CountDownLatch(0);

    static CountDownLatch begin() {
      latch = new CountDownLatch(1);
      return latch;
    }

    @Override
    public void run() {
      try {
        latch.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static void findsAllOnce(SearchAnswer answer) {
    assertThat(answer.complete()).isTrue();
    assertThat(answer.total()).isEqualTo(POSTS);
    List<String> found = answer.hits().stream().map(hit -> hit.post().id().value()).toList();
    assertThat(new HashSet<>(found)).hasSameSizeAs(found).hasSize(POSTS);
  }

  private static boolean holdsAtItsRevision(ListeningFixture.Node node, String nativeId) {
    PostId id = PostId.of(WORKSPACE, "test", nativeId);
    var copy = node.caches().posts().localPeek(id.value(), CachePeekMode.ALL);
    boolean[] same = {false};
    node.index()
        .revisionsOf(
            List.of(id),
            (_, epoch, number) ->
                same[0] =
                    copy != null
                        && copy.post(id).engagement().likes() == 77
                        && copy.revision().epoch() == epoch
                        && copy.revision().number() == number);
    return same[0];
  }

  /** Until every node's index holds what the node holds, and all hold the copies together. */
  private static void awaitIndexed(ListeningFixture grid, int copies) {
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () -> {
              assertThat(grid.nodes)
                  .allSatisfy(node -> assertThat(node.index().size()).isEqualTo(heldBy(node)));
              assertThat(grid.nodes.stream().mapToLong(SearchThroughFailureTest::heldBy).sum())
                  .isEqualTo(copies);
            });
  }

  private static int heldBy(ListeningFixture.Node node) {
    return node.caches().posts().localSize(CachePeekMode.PRIMARY, CachePeekMode.BACKUP);
  }

  private static void fill(ListeningFixture grid) {
    List<IncomingPost> posts = new ArrayList<>();
    for (int i = 0; i < POSTS; i++) {
      posts.add(post(Integer.toString(i), title(i), at(i)));
    }
    grid.first().intake().take(WORKSPACE, posts);
    grid.settle();
  }

  private static String title(int number) {
    return "Volcano erupts near the harbour, report number " + number + " of the day";
  }

  private static Instant at(int number) {
    return NOON.plusSeconds(number);
  }

  private static SearchAnswer search(ListeningFixture.Node node) {
    return search(node, "harbour", 0);
  }

  private static SearchAnswer search(ListeningFixture.Node node, String text, long minLikes) {
    return node.search()
        .search(
            new SearchQuery(
                text,
                null,
                SearchQuery.Mode.TEXT,
                new SearchFilter(
                    WORKSPACE, null, null, null, null, null, List.of(), null, minLikes),
                new PageRequest(500, null)));
  }

  private static ClusterNode local(ListeningFixture.Node node) {
    return node.ignite().cluster().localNode();
  }

  private ListeningFixture grid(int size) throws SQLException {
    return grid(size, TestPostgres.fresh());
  }

  private ListeningFixture grid(int size, DataSource database) throws SQLException {
    return new ListeningFixture(size, database, directory, model, InstantSource.system());
  }

  private static void execute(DataSource database, String sql) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
