package io.pulsegrid.node.listen;

import io.pulsegrid.compute.index.PostIndex;
import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.post.Stage;
import io.pulsegrid.node.config.RetentionSettings;
import io.pulsegrid.node.grid.PostCaches;
import io.pulsegrid.node.grid.wire.PostChange;
import io.pulsegrid.node.grid.wire.PostWire;
import io.pulsegrid.node.store.posts.RetentionStore;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.cache.Cache;
import javax.cache.processor.EntryProcessorResult;
import org.apache.ignite.cache.query.QueryCursor;
import org.apache.ignite.cache.query.ScanQuery;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets go of what has grown old: from the grid and the index what is no longer hot, from Postgres
 * what is below the retention floor. The floor is raised first, and everyone respects it, so a
 * crash anywhere leaves rows that nobody sees and the next round deletes.
 */
final class Housekeeping implements StageWork {
  private static final Logger log = LoggerFactory.getLogger(Housekeeping.class);
  private static final int BATCH = 2_000;

  private final PostCaches caches;
  private final Originals originals;
  private final PostIndex index;
  private final RetentionStore retention;
  private final Room room;
  private final RetentionSettings settings;
  private final Duration hot;
  private final InstantSource clock;

  /** What it works with. */
  record Parts(
      PostCaches caches,
      PostIndex index,
      RetentionStore retention,
      Room room,
      InstantSource clock) {}

  Housekeeping(Parts parts, RetentionSettings settings, Duration hot) {
    caches = parts.caches();
    originals = new Originals(caches);
    index = parts.index();
    retention = parts.retention();
    room = parts.room();
    clock = parts.clock();
    this.settings = settings;
    this.hot = hot;
  }

  @Override
  public String name() {
    return "housekeeping";
  }

  @Override
  public boolean work() throws SQLException {
    retention.raise(clock.instant().minus(settings.posts()));
    int fromGrid = letGoOfTheCold();
    int fromStore = 0;
    int deleted = retention.deleteBelowFloor(BATCH);
    while (deleted > 0) {
      fromStore += deleted;
      deleted = retention.deleteBelowFloor(BATCH);
    }
    int deletions = retention.forgetTombstones(settings.tombstones(), BATCH);
    while (deletions == BATCH) {
      deletions = retention.forgetTombstones(settings.tombstones(), BATCH);
    }
    if (fromGrid + fromStore > 0) {
      log.info("let go of {} posts in the grid, {} in the store", fromGrid, fromStore);
    }
    return false;
  }

  /** Lets go of what this node holds and need not; how many posts. */
  int letGoOfTheCold() {
    int fromGrid = 0;
    Map<String, PostWire> old = nextOld();
    while (!old.isEmpty()) {
      int dropped = drop(old);
      fromGrid += dropped;
      // What could not be dropped has just changed; the next round looks again.
      old = dropped == 0 ? Map.of() : nextOld();
    }
    if (fromGrid > 0) {
      index.refresh();
    }
    return fromGrid;
  }

  /** The moment before which a post is no longer held in the grid. */
  Instant hotFloor() {
    return Stream.of(clock.instant().minus(hot), retention.floor(), room.since())
        .max(Comparator.naturalOrder())
        .orElseThrow();
  }

  private Map<String, PostWire> nextOld() {
    Instant floor = hotFloor();
    Map<String, PostWire> old = new LinkedHashMap<>();
    ScanQuery<String, PostWire> scan = new ScanQuery<>();
    scan.setLocal(true);
    try (QueryCursor<Cache.Entry<String, PostWire>> entries = caches.posts().query(scan)) {
      for (Cache.Entry<String, PostWire> entry : entries) {
        PostWire post = entry.getValue();
        if (post.collectedAt().isBefore(floor) && isDone(post)) {
          old.put(entry.getKey(), post);
          if (old.size() == BATCH) {
            break;
          }
        }
      }
    }
    return old;
  }

  /** Below the retention floor nothing is waited for; above it, what is not stored or done is. */
  private boolean isDone(PostWire post) {
    return post.collectedAt().isBefore(retention.floor())
        || (!post.dirty() && post.stage() == Stage.CLUSTERED);
  }

  private int drop(Map<String, PostWire> old) {
    Map<String, PostChange.Dropped> drops = new TreeMap<>();
    old.forEach((id, post) -> drops.put(id, new PostChange.Dropped(post.revision())));
    Map<String, EntryProcessorResult<Boolean>> results = caches.posts().invokeAll(drops);
    List<PostId> gone = new ArrayList<>();
    Map<String, PostWire> released = new HashMap<>();
    results.forEach(
        (id, dropped) -> {
          if (dropped.get()) {
            gone.add(new PostId(id));
            PostWire post = old.get(id);
            if (post != null) {
              released.put(id, post);
            }
          }
        });
    caches.vectors().removeAll(new TreeSet<>(gone.stream().map(PostId::value).toList()));
    originals.release(released);
    index.delete(gone);
    return gone.size();
  }
}
