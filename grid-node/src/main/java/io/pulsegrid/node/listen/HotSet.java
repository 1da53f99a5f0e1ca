package io.pulsegrid.node.listen;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.pulsegrid.compute.index.PostIndex;
import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.post.Stage;
import io.pulsegrid.node.grid.BucketAffinity;
import io.pulsegrid.node.grid.PostCaches;
import io.pulsegrid.node.grid.wire.PostChange;
import io.pulsegrid.node.grid.wire.PostWire;
import io.pulsegrid.node.grid.wire.Revision;
import io.pulsegrid.node.grid.wire.VectorWire;
import io.pulsegrid.node.store.posts.StoredParts;
import io.pulsegrid.node.store.posts.StoredPost;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.apache.ignite.cluster.ClusterNode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the hot set back from Postgres: each node the partitions of which it is the primary.
 * Loading twice is harmless, also beside posts that come in: the later revision stands.
 */
final class HotSet {
  private static final Logger log = LoggerFactory.getLogger(HotSet.class);

  /** How often a load looks whether its partitions have moved. */
  private static final int LOOK_AROUND_ROWS = 2_000;

  /** Fewer than there are threads: what is dirty is stored meanwhile. */
  private static final int LOADERS = 2;

  /** Edited copies follow soon; the traces of what is older are not worth a slower start. */
  private static final Duration EDITED_WITHIN = Duration.ofDays(3);

  private final PostCaches caches;
  private final StoredParts store;
  private final StoreThreads threads;
  private final Room room;
  private final PostIndex index;
  private final ReembedStage reembed;
  private final InstantSource clock;
  private final Counter posts;
  private final Counter vectors;

  /** What it works with. */
  record Parts(
      PostCaches caches,
      StoredParts store,
      StoreThreads threads,
      Room room,
      PostIndex index,
      ReembedStage reembed,
      InstantSource clock) {}

  HotSet(Parts parts, MeterRegistry meters) {
    caches = parts.caches();
    store = parts.store();
    threads = parts.threads();
    room = parts.room();
    index = parts.index();
    reembed = parts.reembed();
    clock = parts.clock();
    posts = meters.counter("pulsegrid.reload.rows", "table", "post");
    vectors = meters.counter("pulsegrid.reload.rows", "table", "post_vector");
  }

  /**
   * Loads what is this node's to load.
   *
   * @param demands partitions that are to be loaded, each with its demand
   * @return those of them that are loaded now
   */
  Map<Integer, Long> load(Map<Integer, Long> demands, Instant floor) throws SQLException {
    Map<Integer, Long> mine = new TreeMap<>(demands);
    mine.keySet().removeIf(partition -> !isPrimary(partition));
    if (mine.isEmpty()) {
      return mine;
    }
    // A crash before they are marked leaves the partitions to the next primary, which loads all.
    Loading loading = new Loading(Set.copyOf(mine.keySet()));
    loading.run(floor);
    mine.keySet().retainAll(loading.partitions);
    return mine;
  }

  private boolean isPrimary(int partition) {
    @Nullable ClusterNode node = caches.affinity().mapPartitionToNode(partition);
    return node != null && node.isLocal();
  }

  /** One load of some partitions; those that move to another node meanwhile are left to that. */
  private final class Loading {
    private final long start = System.nanoTime();
    private final Instant tracesFrom = clock.instant().minus(EDITED_WITHIN);
    private final List<Integer> buckets = new ArrayList<>();
    private final Map<PostId, Revision> indexed = new HashMap<>();
    private final Set<Integer> partitions;

    Loading(Set<Integer> wanted) {
      partitions = ConcurrentHashMap.newKeySet();
      partitions.addAll(wanted);
      for (int bucket = 0; bucket < PostId.BUCKETS; bucket++) {
        if (partitions.contains(BucketAffinity.partitionOf(bucket))) {
          buckets.add(bucket);
        }
      }
      index.forEachRevision(
          bucket -> wanted.contains(BucketAffinity.partitionOf(bucket)),
          (id, epoch, number) -> indexed.put(id, new Revision(epoch, number)));
    }

    void run(Instant floor) throws SQLException {
      List<Part> parts = IntStream.range(0, StoredParts.COUNT).mapToObj(Part::new).toList();
      Queue<Part> left = new ConcurrentLinkedQueue<>(parts);
      StoreThreads.Task loader =
          () -> {
            for (Part part = left.poll(); part != null; part = left.poll()) {
              part.load(floor);
            }
          };
      threads.run(Collections.nCopies(LOADERS, loader));
      Set<PostId> unknown = new HashSet<>(indexed.keySet());
      long loaded = 0;
      for (Part part : parts) {
        loaded += part.loaded;
        unknown.removeAll(part.known);
      }
      forget(unknown);
      if (loaded > 0) {
        log.info(
            "loaded {} posts of {} partitions from the store in {} ms",
            loaded,
            partitions.size(),
            (System.nanoTime() - start) / 1_000_000);
      }
    }

    /** What the index has beyond the store is gone, unless it came in while this was loading. */
    private void forget(Set<PostId> unknown) {
      unknown.removeIf(id -> !partitions.contains(BucketAffinity.partitionOf(id.bucket())));
      Set<String> ids = new HashSet<>();
      unknown.forEach(id -> ids.add(id.value()));
      caches.posts().getAll(ids).keySet().forEach(id -> unknown.remove(new PostId(id)));
      index.delete(unknown);
    }

    /** The same of one part of the tables; for one thread. */
    private final class Part {
      private final int number;
      private final Set<String> withVector = new HashSet<>();
      private final Set<PostId> known = new HashSet<>();
      private int rows;
      private long loaded;

      Part(int number) {
        this.number = number;
      }

      void load(Instant floor) throws SQLException {
        loadVectors(floor);
        loadPosts(floor);
      }

      /** Vectors first: a post that says it is embedded has its vector. */
      private void loadVectors(Instant floor) throws SQLException {
        try (Batches<VectorWire, Boolean> grid = new Batches<>(caches.vectors())) {
          store.vectors(
              number,
              buckets,
              floor,
              (id, vector) -> {
                if (!isWanted(new PostId(id))) {
                  return;
                }
                withVector.add(id);
                vectors.increment();
                if (reembed.isCurrent(vector)) {
                  grid.add(id, new VectorWire.Adopted(vector));
                } else {
                  reembed.later(id);
                }
              });
        }
      }

      private void loadPosts(Instant floor) throws SQLException {
        try (Batches<PostWire, Integer> grid = new Batches<>(caches.posts());
            Batches<String, String> originals = new Batches<>(caches.originals())) {
          store.posts(
              number,
              buckets,
              floor,
              row -> {
                PostId id = row.post().id();
                if (!isWanted(id)) {
                  return;
                }
                boolean recent = row.post().collectedAt().isAfter(tracesFrom);
                PostWire stored = PostWire.stored(row.post(), row.fingerprint(), row.revision());
                Originals.ofLoaded(id.value(), stored, recent).forEach(originals::add);
                grid.add(
                    id.value(), new PostChange.Loaded(completed(stored, row, indexed.get(id))));
                known.add(id);
                posts.increment();
                loaded++;
              });
        }
      }

      private boolean isWanted(PostId id) {
        if (++rows % LOOK_AROUND_ROWS == 0) {
          room.requireRoom();
          partitions.removeIf(partition -> !isPrimary(partition));
        }
        return partitions.contains(BucketAffinity.partitionOf(id.bucket()));
      }

      /** The same post, noted for the stages that it has to go through anew. */
      private PostWire completed(PostWire wire, StoredPost row, @Nullable Revision inIndex) {
        String id = row.post().id().value();
        Stage stage = row.post().progress().stage();
        boolean lacksItsVector =
            stage != Stage.COLLECTED
                && row.post().progress().duplicateOf() == null
                && !withVector.contains(id);
        if (lacksItsVector && stage == Stage.CLUSTERED) {
          reembed.later(id);
        } else if (lacksItsVector) {
          return wire.unembedded();
        }
        boolean searchable = stage.compareTo(Stage.INDEXED) >= 0;
        return searchable && !row.revision().equals(inIndex) ? wire.unindexed() : wire;
      }
    }
  }
}
