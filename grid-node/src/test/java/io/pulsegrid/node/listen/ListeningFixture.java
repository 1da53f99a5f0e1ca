package io.pulsegrid.node.listen;

import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.pulsegrid.compute.embedding.Embedders;
import io.pulsegrid.compute.embedding.EmbeddingSettings;
import io.pulsegrid.compute.index.IndexSettings;
import io.pulsegrid.compute.index.PostIndex;
import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.page.PageRequest;
import io.pulsegrid.core.post.Content;
import io.pulsegrid.core.post.Engagement;
import io.pulsegrid.core.post.IncomingPost;
import io.pulsegrid.core.post.Post;
import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.post.Stage;
import io.pulsegrid.core.search.Embedder;
import io.pulsegrid.core.telling.Event;
import io.pulsegrid.core.trend.Trend;
import io.pulsegrid.node.config.RetentionSettings;
import io.pulsegrid.node.grid.CacheShapes;
import io.pulsegrid.node.grid.GridFixture;
import io.pulsegrid.node.grid.PostCaches;
import io.pulsegrid.node.store.posts.PostDigests;
import io.pulsegrid.node.store.posts.PostQueries;
import io.pulsegrid.node.store.posts.PostStore;
import io.pulsegrid.node.store.posts.RetentionStore;
import io.pulsegrid.node.store.posts.StoredParts;
import io.pulsegrid.node.store.posts.TrendStore;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import javax.sql.DataSource;
import org.apache.ignite.Ignite;
import org.apache.ignite.IgniteCache;
import org.jspecify.annotations.Nullable;

/** The listening half of a grid, real in every part but the clock. */
final class ListeningFixture implements AutoCloseable {
  static final WorkspaceId WORKSPACE = WorkspaceId.DEFAULT;
  static final String STORE_THREAD = "store-task";

  final List<Event.Subject> told = new CopyOnWriteArrayList<>();
  final List<Node> nodes = new ArrayList<>();

  /** Whether all nodes are told that they are among the majority. */
  volatile boolean majority = true;

  private final GridFixture grid;
  private final Between between;
  private final DataSource database;
  private final Path directory;
  private final IntFunction<Embedder> embedders;
  private final InstantSource clock;
  private int numbers;

  /** One node's parts. */
  record Node(
      Ignite ignite,
      Listening listening,
      GridIntake intake,
      GridPosts posts,
      GridTrends trends,
      GridSearch search,
      GridVerification verification,
      PostCaches caches,
      PostIndex index,
      MeterRegistry meters) {}

  /** What a test puts between a node and what it stands on; nodes count from 0. */
  interface Between {
    /** The store as a node reaches it. */
    default DataSource store(int node, DataSource real) {
      return real;
    }

    /** What the grid writes down of itself, as a node writes it. */
    default IgniteCache<String, Long> facts(int node, IgniteCache<String, Long> real) {
      return real;
    }

    /** Told of every node before the first loads what Postgres has. */
    default void loads(List<Node> nodes) {}

    /** What a node asks before it stores anything. */
    default Runnable leave(int node) {
      return () -> {};
    }

    /** How many posts may wait on a node before it takes in no more. */
    default int maxBacklog(int node) {
      return 250_000;
    }
  }

  ListeningFixture(
      int size, DataSource database, Path directory, Embedder embedder, InstantSource clock)
      throws SQLException {
    this(GridFixture.of(size), size, database, directory, _ -> embedder, clock);
  }

  /**
   * On a grid of {@code size} nodes.
   *
   * @param embedders by the number of their node
   */
  ListeningFixture(
      GridFixture grid,
      int size,
      DataSource database,
      Path directory,
      IntFunction<Embedder> embedders,
      InstantSource clock)
      throws SQLException {
    this(grid, size, database, directory, embedders, clock, new Between() {});
  }

  /** With something between its nodes and what they stand on. */
  ListeningFixture(
      GridFixture grid,
      int size,
      DataSource database,
      Path directory,
      IntFunction<Embedder> embedders,
      InstantSource clock,
      Between between)
      throws SQLException {
    this.between = between;
    this.grid = grid;
    this.database = database;
    this.directory = directory;
    this.embedders = embedders;
    this.clock = clock;
    for (int i = 0; i < size; i++) {
      nodes.add(node(grid.node(i), i));
    }
    numbers = size;
    between.loads(List.copyOf(nodes));
    nodes.forEach(
        node ->
            Thread.ofPlatform()
                .daemon()
                .start(
                    () -> {
                      try {
                        node.listening().load(ListeningFixture::pause);
                      } catch (SQLException e) {
                        throw new IllegalStateException(e);
                      }
                    }));
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> nodes.stream().allMatch(node -> node.listening().isWhole()));
    nodes.forEach(node -> node.listening().start(Thread.ofPlatform().daemon().factory()));
  }

  Node first() {
    return nodes.getFirst();
  }

  /** Starts one more node, which takes over its share when it is ready to. */
  Node add() throws SQLException {
    int number = numbers++;
    Node node = node(grid.add(), number);
    nodes.add(node);
    node.listening().load(ListeningFixture::pause);
    node.listening().start(Thread.ofPlatform().daemon().factory());
    return node;
  }

  /** Ends nodes at the same moment, without letting them finish anything. */
  void kill(Node... dying) {
    List<Thread> killers = new ArrayList<>();
    for (Node node : dying) {
      nodes.remove(node);
      killers.add(Thread.ofPlatform().start(() -> grid.kill(node.ignite())));
    }
    for (Thread killer : killers) {
      try {
        killer.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    for (Node node : dying) {
      // Not waited for: those who live must notice by themselves.
      Thread.ofPlatform()
          .daemon()
          .start(
              () -> {
                node.listening().close();
                node.index().close();
              });
    }
  }

  /** Waits until every post has gone all the way. */
  void settle() {
    await()
        .atMost(Duration.ofMinutes(2))
        .until(
            () ->
                first()
                    .caches()
                    .posts()
                    .query(
                        new org.apache.ignite.cache.query.ScanQuery<
                            String, io.pulsegrid.node.grid.wire.PostWire>())
                    .getAll()
                    .stream()
                    .allMatch(e -> e.getValue().stage() == Stage.CLUSTERED));
  }

  /** The post of {@link #post} as the first node knows it. */
  Post find(String nativeId) {
    return first().posts().find(WORKSPACE, PostId.of(WORKSPACE, "test", nativeId)).orElseThrow();
  }

  /** The trends of two posts or more. */
  List<Trend> trends() {
    return first().trends().list(WORKSPACE, null, 2, PageRequest.first()).items();
  }

  /** The model that nodes have unless told otherwise; to be closed. */
  static Embedder model(Path cache) {
    return Embedders.open(
        new EmbeddingSettings(
            EmbeddingSettings.Engine.ONNX, null, "cpu", 2, 256, 512, cache, (_, _, _) -> {}));
  }

  static IncomingPost post(String nativeId, String title, @Nullable Instant at) {
    return post(nativeId, title, at, 0);
  }

  static IncomingPost post(String nativeId, String title, @Nullable Instant at, long likes) {
    return new IncomingPost(
        new Content("test", nativeId, null, "ann", title, null, "en", null, List.of("t")),
        at,
        new Engagement(likes, 0, 0, 0),
        null);
  }

  private Node node(Ignite ignite, int number) {
    Embedder embedder = embedders.apply(number);
    DataSource database = between.store(number, this.database);
    Listening.Notes notes = Listening.Notes.open(ignite);
    PostCaches caches = PostCaches.open(ignite, 1);
    PostStore store = new PostStore(database);
    TrendStore trendStore = new TrendStore(database);
    RetentionStore retention = new RetentionStore(database);
    Epochs epochs =
        Epochs.of(
            ignite, CacheShapes.open(ignite, CacheShapes.<String, Long>replicated("grid-facts")));
    Sequencer sequencer =
        new Sequencer(
            ignite,
            CacheShapes.open(
                ignite, CacheShapes.<String, Sequencer.Ledger>partitioned("sequence", 1)),
            () -> UUID.randomUUID().toString());
    PostIndex index =
        PostIndex.open(
            directory.resolve("index-" + number),
            IndexSettings.of(embedder.model(), embedder.dimensions()));
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    Listening listening =
        new Listening(
            new Listening.Parts(
                ignite,
                caches,
                new Listening.Notes(between.facts(number, notes.facts()), notes.marks()),
                new Listening.Stores(store, new StoredParts(database), trendStore, retention),
                index,
                embedder,
                sequencer,
                epochs,
                between.leave(number),
                clock,
                (_, subject) -> told.add(subject),
                // Of its own: a node that hangs in the store must hold up no other.
                new StoreThreads(
                    Executors.newThreadPerTaskExecutor(
                        Thread.ofPlatform().daemon().name(STORE_THREAD).factory())),
                meters),
            new Listening.Settings(
                between.maxBacklog(number),
                Duration.ofDays(30),
                new RetentionSettings(
                    Duration.ofDays(365),
                    Duration.ofDays(7),
                    Duration.ofDays(365),
                    Duration.ofDays(90),
                    Duration.ofDays(365),
                    Duration.ofSeconds(1))));
    GridPosts posts =
        new GridPosts(caches, store, new PostQueries(database), trendStore, retention);
    return new Node(
        ignite,
        listening,
        new GridIntake(
            new GridIntake.Parts(
                ignite,
                caches,
                sequencer,
                epochs,
                clock,
                (_, subject) -> told.add(subject),
                meters,
                ListeningFixture::pause)),
        posts,
        new GridTrends(caches, trendStore),
        new GridSearch(
            new GridSearch.Parts(
                ignite, caches, posts, trendStore, embedder, clock, () -> majority, meters)),
        new GridVerification(
            new GridVerification.Parts(
                ignite,
                caches,
                new PostDigests(database),
                new Adoption(caches, store, embedder.model()),
                listening::hotFloor,
                ListeningFixture::pause)),
        caches,
        index,
        meters);
  }

  private static void pause(Duration time) {
    LockSupport.parkNanos(time.toNanos());
  }

  @Override
  public void close() {
    nodes.forEach(node -> node.listening().close());
    grid.close();
    nodes.forEach(node -> node.index().close());
  }
}
