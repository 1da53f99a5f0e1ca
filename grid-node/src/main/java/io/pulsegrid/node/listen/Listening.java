package io.pulsegrid.node.listen;

import io.micrometer.core.instrument.MeterRegistry;
import io.pulsegrid.compute.index.PostIndex;
import io.pulsegrid.core.search.Embedder;
import io.pulsegrid.node.config.RetentionSettings;
import io.pulsegrid.node.grid.CacheShapes;
import io.pulsegrid.node.grid.DataRegion;
import io.pulsegrid.node.grid.PostCaches;
import io.pulsegrid.node.store.posts.PostStore;
import io.pulsegrid.node.store.posts.RetentionStore;
import io.pulsegrid.node.store.posts.StoredParts;
import io.pulsegrid.node.store.posts.TrendStore;
import io.pulsegrid.node.telling.EventSink;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import javax.cache.CacheException;
import org.apache.ignite.Ignite;
import org.apache.ignite.IgniteCache;
import org.apache.ignite.IgniteException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The listening half of a node: loads the hot set, then runs every stage until closed. Stages stop
 * in the order of the way of a post, the store last, so that a clean stop leaves little to redo.
 */
public final class Listening implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Listening.class);
  private static final Duration SOON = Duration.ofMillis(50);
  private static final Duration LATER = Duration.ofMillis(250);
  private static final Duration BETWEEN_REPORTS = Duration.ofSeconds(5);

  private final Parts parts;
  private final Settings settings;
  private final Adoption adoption;
  private final StoreFlusher flusher;
  private final Backlog backlog;
  private final Embedder embedder;
  private final ReembedStage reembed;
  private final Housekeeping housekeeping;
  private final Reload reload;
  private final IndexStage indexing;
  private final List<StageRunner> runners = new ArrayList<>();

  /**
   * What the node gives it.
   *
   * @param leave asked before anything of the grid is stored; throws where this node must not
   */
  public record Parts(
      Ignite ignite,
      PostCaches caches,
      Notes notes,
      Stores stores,
      PostIndex index,
      Embedder embedder,
      Sequencer sequencer,
      Epochs epochs,
      Runnable leave,
      InstantSource clock,
      EventSink events,
      StoreThreads threads,
      MeterRegistry meters) {}

  /** What the grid writes down of itself. */
  public record Notes(IgniteCache<String, Long> facts, PartitionMarks marks) {
    /** Opens both. */
    public static Notes open(Ignite ignite) {
      return new Notes(
          CacheShapes.open(ignite, CacheShapes.<String, Long>replicated("grid-facts")),
          new PartitionMarks(
              CacheShapes.open(ignite, CacheShapes.<Integer, Long>replicated(Reload.MARKS))));
    }
  }

  /** The tables it works on. */
  public record Stores(
      PostStore posts, StoredParts parts, TrendStore trends, RetentionStore retention) {}

  /** What an operator sets. */
  public record Settings(int maxBacklog, Duration hot, RetentionSettings retention) {}

  public Listening(Parts parts, Settings settings) {
    this.parts = parts;
    this.settings = settings;
    adoption = new Adoption(parts.caches(), parts.stores().posts(), parts.embedder().model());
    flusher =
        new StoreFlusher(
            parts.caches(),
            parts.stores().posts(),
            adoption,
            parts.index(),
            parts.leave(),
            parts.threads(),
            parts.clock(),
            parts.meters());
    DataRegion region = new DataRegion(parts.ignite());
    backlog = new Backlog(parts.caches(), flusher, region, settings.maxBacklog(), parts.meters());
    embedder =
        new GpuFirstEmbedder(parts.ignite(), parts.embedder(), parts.clock(), parts.meters());
    reembed = new ReembedStage(parts.caches(), embedder, parts.epochs());
    Room room =
        new Room(
            parts.ignite(),
            parts.notes().facts(),
            region,
            parts.stores().parts(),
            parts.caches().copies(),
            parts.meters());
    housekeeping =
        new Housekeeping(
            new Housekeeping.Parts(
                parts.caches(), parts.index(), parts.stores().retention(), room, parts.clock()),
            settings.retention(),
            settings.hot());
    reload = reload(room);
    IndexedPartitions partitions = new IndexedPartitions();
    CopyNews news = new CopyNews();
    indexing = indexing(partitions, news);
    new LocalNode(
            parts.ignite(),
            parts.caches(),
            flusher,
            parts.stores().posts(),
            adoption,
            reembed,
            parts.stores().retention(),
            parts.index(),
            parts.embedder(),
            partitions,
            news,
            backlog,
            parts.epochs())
        .register();
  }

  private IndexStage indexing(IndexedPartitions partitions, CopyNews news) {
    PostCaches caches = parts.caches();
    IndexKeeper keeper = new IndexKeeper(caches, parts.index());
    IndexSweep sweep = new IndexSweep(caches, parts.index(), keeper);
    return new IndexStage(
        new IndexStage.Parts(
            caches,
            parts.index(),
            keeper,
            new IndexCatchUp(
                parts.ignite(), caches, sweep, partitions, reload::isWhole, parts.clock()),
            new CopyTeller(parts.ignite(), caches),
            news),
        parts.clock(),
        parts.meters());
  }

  /** Where the hot set begins now. */
  public Instant hotFloor() {
    return housekeeping.hotFloor();
  }

  /**
   * Brings back what the store has; returns when the whole grid is loaded.
   *
   * @param pause how to wait while other nodes load their part
   */
  public void load(GridVerification.Pause pause) throws SQLException {
    parts.stores().retention().raise(Instant.EPOCH);
    boolean waiting = false;
    while (!reload.isWhole()) {
      try {
        reload.work();
      } catch (IgniteException | CacheException e) {
        // A grid that has too few nodes to write yet, or is just taking one in.
        log.atLevel(waiting ? Level.DEBUG : Level.INFO)
            .log("the posts are loaded when the grid answers: {}", e.getMessage());
        waiting = true;
      }
      if (!reload.isWhole()) {
        pause.of(LATER);
      }
    }
  }

  /** Whether posts wait on this node that came in faster than they are worked on. */
  public boolean isBusy() {
    return backlog.isBusy();
  }

  /** Whether all that Postgres has is in the grid. */
  public boolean isWhole() {
    return reload.isWhole();
  }

  /** How many partitions are still to be loaded from Postgres. */
  public int partitionsToLoad() {
    return reload.missing();
  }

  private Reload reload(Room room) {
    return new Reload(
        new Reload.Parts(
            parts.notes().marks(),
            new LostPartitions(
                parts.ignite(),
                parts.notes().facts(),
                parts.notes().marks(),
                parts.sequencer(),
                parts.stores().posts()),
            new HotSet(
                new HotSet.Parts(
                    parts.caches(),
                    parts.stores().parts(),
                    parts.threads(),
                    room,
                    parts.index(),
                    reembed,
                    parts.clock()),
                parts.meters()),
            room,
            parts.sequencer(),
            housekeeping),
        parts.meters());
  }

  /** Starts every stage. */
  public void start(ThreadFactory threads) {
    // First comers and the order of clustering are known only when every post is.
    run(
        reload.gated(
            new EmbedStage(parts.caches(), embedder, parts.epochs(), parts.meters()), () -> {}),
        SOON,
        threads);
    run(indexing, LATER, threads);
    ClusterStage cluster =
        new ClusterStage(
            new ClusterStage.Parts(
                parts.ignite(),
                parts.caches(),
                parts.embedder().model(),
                parts.stores().trends(),
                parts.stores().retention(),
                settings.retention().every(),
                new StoredPosts(parts.ignite(), parts.caches()),
                adoption,
                parts.sequencer(),
                parts.epochs(),
                parts.leave(),
                parts.clock(),
                parts.events(),
                parts.meters()));
    run(reload.gated(cluster, cluster::resign), LATER, threads);
    run(reload, Duration.ofMillis(500), threads);
    run(reembed, LATER, threads);
    run(backlog, Duration.ofSeconds(2), threads);
    run(housekeeping, settings.retention().every(), threads);
    // Half a second: long enough that a post's quick changes are written once.
    run(flusher, Duration.ofMillis(500), threads);
  }

  /**
   * Waits, after the start, until this node's index has all that the node holds. That others answer
   * meanwhile is not enough: whoever stops or loses the next node because this one is ready would
   * leave partitions that nobody answers for.
   */
  public void awaitIndex(GridVerification.Pause pause) {
    Instant told = parts.clock().instant();
    for (int lacking = indexing.lacking(); lacking > 0; lacking = indexing.lacking()) {
      pause.of(LATER);
      Instant now = parts.clock().instant();
      if (Duration.between(told, now).compareTo(BETWEEN_REPORTS) >= 0) {
        told = now;
        log.info("{} partitions are still to be indexed before this node is ready", lacking);
      }
    }
  }

  private void run(StageWork stage, Duration rest, ThreadFactory threads) {
    runners.add(new StageRunner(stage, rest, threads, parts.meters()));
  }

  /** Stops every stage, and stores what is dirty here if the store answers. */
  @Override
  public void close() {
    runners.forEach(StageRunner::close);
    try {
      while (flusher.work()) {
        // one full batch after the other, until none is full
      }
    } catch (SQLException | RuntimeException e) {
      log.warn("what is dirty could not be stored while stopping: {}", e.getMessage());
    }
    parts.index().commit();
  }
}
