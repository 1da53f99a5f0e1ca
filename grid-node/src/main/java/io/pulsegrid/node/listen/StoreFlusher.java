package io.pulsegrid.node.listen;

import static org.apache.ignite.cache.query.IndexQueryCriteriaBuilder.eq;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.pulsegrid.compute.index.PostIndex;
import io.pulsegrid.core.post.PostId;
import io.pulsegrid.node.grid.IndexedQueue;
import io.pulsegrid.node.grid.PostCaches;
import io.pulsegrid.node.grid.wire.PostChange;
import io.pulsegrid.node.grid.wire.PostWire;
import io.pulsegrid.node.grid.wire.VectorWire;
import io.pulsegrid.node.store.posts.PostStore;
import io.pulsegrid.node.store.posts.StoredPost;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes behind the grid: takes the dirty entries of which this node is the primary and stores
 * them. The dirty flag is part of the entry and of its backups, so a node that dies leaves its
 * successor with exactly what is still to be written; storing an entry twice changes nothing.
 */
public final class StoreFlusher implements StageWork {
  private static final Logger log = LoggerFactory.getLogger(StoreFlusher.class);

  /** Rows a statement: enough to make its cost vanish, few enough to split when one is refused. */
  private static final int BATCH = 1000;

  /** Batches taken together: while Postgres stores one, the grid is told of another. */
  private static final int AT_ONCE = 6;

  private final PostCaches caches;
  private final PostStore store;
  private final Adoption adoption;
  private final PostIndex index;
  private final Runnable leave;
  private final InstantSource clock;
  private final IndexedQueue<PostWire> dirtyPosts;
  private final IndexedQueue<VectorWire> dirtyVectors;
  private final StoreThreads threads;
  private final Timer flushes;
  private final Counter parked;
  private final MeterRegistry meters;
  private final AtomicLong dirtyRows = new AtomicLong();
  private volatile @Nullable Instant dirtySince;

  /**
   * A flusher.
   *
   * @param adoption what takes over rows that Postgres has later
   * @param index what forgets the posts that Postgres refuses
   * @param leave asked before anything is stored; throws where this node must not
   * @param threads what stores several batches at a time
   */
  public StoreFlusher(
      PostCaches caches,
      PostStore store,
      Adoption adoption,
      PostIndex index,
      Runnable leave,
      StoreThreads threads,
      InstantSource clock,
      MeterRegistry meters) {
    this.caches = caches;
    this.index = index;
    this.leave = leave;
    this.store = store;
    this.adoption = adoption;
    this.threads = threads;
    this.clock = clock;
    this.meters = meters;
    dirtyPosts = new IndexedQueue<>(caches.posts(), PostWire.class, "dirty");
    dirtyVectors = new IndexedQueue<>(caches.vectors(), VectorWire.class, "dirty");
    flushes = meters.timer("pulsegrid.store.flush");
    // There from the start: the first one that is counted is a rise that alerts can see.
    parked = meters.counter("pulsegrid.store.parked");
    meters.gauge("pulsegrid.store.dirty.rows", dirtyRows);
    meters.gauge("pulsegrid.store.dirty.age", this, f -> f.dirtyAge().toMillis() / 1000.0);
  }

  @Override
  public String name() {
    return "store";
  }

  /** Stores some batches of what is dirty here; whether there was as much as it takes at once. */
  @Override
  public boolean work() throws SQLException {
    int most = AT_ONCE * BATCH;
    Map<String, PostWire> posts = dirtyPosts.local(most, eq("dirty", 1));
    Map<String, VectorWire> vectors = dirtyVectors.local(most, eq("dirty", 1));
    if (posts.isEmpty() && vectors.isEmpty()) {
      dirtySince = null;
      return false;
    }
    if (dirtySince == null) {
      dirtySince = clock.instant();
    }
    inBatches(vectors, this::flushVectors);
    inBatches(posts, this::flushPosts);
    return posts.size() == most || vectors.size() == most;
  }

  /** Something done with a batch. */
  private interface Flush<V> {
    void run(Map<String, V> batch) throws SQLException;
  }

  // Where one batch fails, what the others stored stands; its own rows are dirty still.
  private <V> void inBatches(Map<String, V> entries, Flush<V> flush) throws SQLException {
    List<StoreThreads.Task> batches = new ArrayList<>();
    Map<String, V> batch = new LinkedHashMap<>();
    for (Map.Entry<String, V> entry : entries.entrySet()) {
      batch.put(entry.getKey(), entry.getValue());
      if (batch.size() == BATCH) {
        batches.add(of(batch, flush));
        batch = new LinkedHashMap<>();
      }
    }
    if (!batch.isEmpty()) {
      batches.add(of(batch, flush));
    }
    threads.run(batches);
  }

  private static <V> StoreThreads.Task of(Map<String, V> batch, Flush<V> flush) {
    return () -> flush.run(batch);
  }

  /**
   * What became of posts that were to be stored.
   *
   * @param refused the reasons, by id, of those that Postgres refuses; they are parked, and gone
   *     from the grid
   * @param overtaken the ids of those of which Postgres had a later revision, which the grid has
   *     now too
   */
  public record Flushed(Map<String, String> refused, Set<String> overtaken) {}

  /** Stores what is dirty among some posts of this node, now. */
  public Flushed flush(Collection<String> ids) throws SQLException {
    return flush(caches.posts().getAll(new TreeSet<>(ids)));
  }

  /** Stores posts as they are given, those that are dirty. */
  Flushed flush(Map<String, PostWire> posts) throws SQLException {
    Map<String, PostWire> dirty = new LinkedHashMap<>(posts);
    dirty.values().removeIf(post -> !post.dirty());
    return flushPosts(dirty);
  }

  /** Counts what is dirty here; costs a walk over the dirty index. */
  public long countDirty() {
    long rows = dirtyPosts.countLocal(eq("dirty", 1)) + dirtyVectors.countLocal(eq("dirty", 1));
    dirtyRows.set(rows);
    return rows;
  }

  /** For how long something has been dirty without a break. */
  public Duration dirtyAge() {
    Instant since = dirtySince;
    return since == null ? Duration.ZERO : Duration.between(since, clock.instant());
  }

  private Flushed flushPosts(Map<String, PostWire> posts) throws SQLException {
    Flushed flushed = new Flushed(new HashMap<>(), new HashSet<>());
    if (!posts.isEmpty()) {
      // After the entries were read: whoever may write now could when they were stamped.
      leave.run();
      List<StoredPost> rows = new ArrayList<>(posts.size());
      posts.forEach(
          (id, post) ->
              rows.add(
                  new StoredPost(post.post(new PostId(id)), post.fingerprint(), post.revision())));
      Timer.Sample sample = Timer.start();
      store(rows, flushed);
      sample.stop(flushes);
    }
    return flushed;
  }

  /** Stores rows, halving where one is refused, so that one bad row holds back no other. */
  private void store(List<StoredPost> rows, Flushed flushed) throws SQLException {
    Set<PostId> ahead;
    try {
      ahead = store.upsert(rows);
    } catch (SQLException e) {
      if (!isAboutARow(e)) {
        throw e;
      }
      if (rows.size() == 1) {
        park(rows.getFirst(), e, flushed.refused());
        return;
      }
      store(rows.subList(0, rows.size() / 2), flushed);
      store(rows.subList(rows.size() / 2, rows.size()), flushed);
      return;
    }
    // A crash here leaves the flags set: the rows are stored once more, to no effect.
    Map<String, PostChange> stored = new TreeMap<>();
    for (StoredPost row : rows) {
      if (!ahead.contains(row.post().id())) {
        stored.put(row.post().id().value(), new PostChange.Stored(row.revision()));
      }
    }
    caches.posts().invokeAll(stored);
    meters.counter("pulsegrid.store.rows", "table", "post").increment(stored.size());
    if (!ahead.isEmpty()) {
      // Another primary wrote later than this node knew: what it wrote stands.
      adoption.giveWay(rows.stream().filter(row -> ahead.contains(row.post().id())).toList());
      ahead.forEach(id -> flushed.overtaken().add(id.value()));
      meters.counter("pulsegrid.store.overtaken").increment(ahead.size());
    }
  }

  private void park(StoredPost row, SQLException refusal, Map<String, String> refused)
      throws SQLException {
    String id = row.post().id().value();
    String reason = String.valueOf(refusal.getMessage()).lines().findFirst().orElse("refused");
    store.park(row, reason);
    // A crash here leaves the row parked and in the grid: it is parked again, to no effect.
    caches.posts().invoke(id, new PostChange.Dropped(row.revision()));
    caches.vectors().remove(id);
    index.delete(List.of(row.post().id()));
    refused.put(id, reason);
    parked.increment();
    log.warn("Postgres refuses post {}: it is kept in parked_post; {}", id, reason);
  }

  private void flushVectors(Map<String, VectorWire> vectors) throws SQLException {
    if (vectors.isEmpty()) {
      return;
    }
    leave.run();
    store.upsertVectors(vectors);
    Map<String, VectorWire.Stored> stored = new TreeMap<>();
    vectors.forEach((id, vector) -> stored.put(id, new VectorWire.Stored(vector.sequence())));
    caches.vectors().invokeAll(stored);
    meters.counter("pulsegrid.store.rows", "table", "post_vector").increment(vectors.size());
  }

  /** Class 22 (data) and 23 (integrity): the database is well, a value is not. */
  private static boolean isAboutARow(SQLException e) {
    String state = e.getSQLState();
    return state != null && (state.startsWith("22") || state.startsWith("23"));
  }
}
