package io.pulsegrid.node.listen;

import io.pulsegrid.compute.index.PostIndex;
import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.post.Stage;
import io.pulsegrid.node.grid.BucketAffinity;
import io.pulsegrid.node.grid.CacheShapes;
import io.pulsegrid.node.grid.PostCaches;
import io.pulsegrid.node.grid.wire.PostWire;
import io.pulsegrid.node.grid.wire.Revision;
import io.pulsegrid.node.grid.wire.VectorWire;
import io.pulsegrid.node.store.posts.PostStore;
import io.pulsegrid.node.store.posts.StoredPost;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.ignite.Ignite;
import org.apache.ignite.IgniteCache;
import org.apache.ignite.IgniteDataStreamer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the hot set back from Postgres into a grid that has just begun. Each node loads the
 * partitions of which it is the primary, and marks them; all are loaded when all are marked.
 */
final class HotSet {
  private static final Logger log = LoggerFactory.getLogger(HotSet.class);

  private final Ignite ignite;
  private final PostCaches caches;
  private final IgniteCache<Integer, Boolean> loaded;
  private final PostStore store;
  private final PostIndex index;
  private final ReembedStage reembed;

  HotSet(
      Ignite ignite,
      PostCaches caches,
      IgniteCache<Integer, Boolean> loaded,
      PostStore store,
      PostIndex index,
      ReembedStage reembed) {
    this.ignite = ignite;
    this.caches = caches;
    this.loaded = loaded;
    this.store = store;
    this.index = index;
    this.reembed = reembed;
  }

  /**
   * Loads what is this node's to load. Loading twice is harmless: what is there stays.
   *
   * @return whether the whole grid is loaded
   */
  boolean load(Instant floor) throws SQLException {
    Set<Integer> mine = new TreeSet<>();
    for (int partition : caches.affinity().primaryPartitions(ignite.cluster().localNode())) {
      if (!loaded.containsKey(partition)) {
        mine.add(partition);
      }
    }
    if (!mine.isEmpty()) {
      load(mine, floor);
      // A crash before the mark leaves the partition to the next primary, which loads it whole.
      mine.forEach(partition -> loaded.put(partition, true));
    }
    return loaded.size() == CacheShapes.PARTITIONS;
  }

  private void load(Set<Integer> partitions, Instant floor) throws SQLException {
    long start = System.nanoTime();
    List<Integer> buckets = new ArrayList<>();
    for (int bucket = 0; bucket < PostId.BUCKETS; bucket++) {
      if (partitions.contains(BucketAffinity.partitionOf(bucket))) {
        buckets.add(bucket);
      }
    }
    Map<PostId, Revision> indexed = new HashMap<>();
    index.forEachRevision((id, epoch, number) -> indexed.put(id, new Revision(epoch, number)));
    Set<PostId> unknown = new HashSet<>(indexed.keySet());
    long[] posts = {0};
    try (IgniteDataStreamer<String, PostWire> grid = ignite.dataStreamer("post");
        IgniteDataStreamer<String, String> originals = ignite.dataStreamer("original")) {
      // Without overwriting: a post that came in meanwhile is newer than its row.
      grid.allowOverwrite(false);
      originals.allowOverwrite(false);
      store.load(
          buckets,
          floor,
          row -> {
            PostId id = row.post().id();
            grid.addData(id.value(), wire(row, indexed.get(id)));
            unknown.remove(id);
            if (row.fingerprint() != null && row.post().progress().duplicateOf() == null) {
              originals.addData(
                  row.post().workspace().value() + "/" + row.fingerprint(), id.value());
            }
            posts[0]++;
          });
    }
    try (IgniteDataStreamer<String, VectorWire> grid = ignite.dataStreamer("vector")) {
      grid.allowOverwrite(false);
      store.loadVectors(
          buckets,
          floor,
          (id, vector) -> {
            if (reembed.isCurrent(vector)) {
              grid.addData(id, vector);
            } else {
              reembed.later(id);
            }
          });
    }
    index.delete(unknown);
    if (posts[0] > 0) {
      log.info(
          "loaded {} posts of {} partitions from the store in {} ms",
          posts[0],
          partitions.size(),
          (System.nanoTime() - start) / 1_000_000);
    }
  }

  private static PostWire wire(StoredPost row, @Nullable Revision indexed) {
    PostWire wire = PostWire.stored(row.post(), row.fingerprint(), row.revision());
    boolean searchable = row.post().progress().stage().compareTo(Stage.INDEXED) >= 0;
    return searchable && !row.revision().equals(indexed) ? wire.unindexed() : wire;
  }
}
