package io.pulsegrid.node.listen;

import static org.apache.ignite.cache.query.IndexQueryCriteriaBuilder.eq;
import static org.apache.ignite.cache.query.IndexQueryCriteriaBuilder.gt;
import static org.apache.ignite.cache.query.IndexQueryCriteriaBuilder.lt;

import io.pulsegrid.core.post.Stage;
import io.pulsegrid.node.grid.IndexedQueue;
import io.pulsegrid.node.grid.wire.PostWire;
import io.pulsegrid.node.grid.wire.VectorWire;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import org.apache.ignite.cache.CachePeekMode;
import org.jspecify.annotations.Nullable;

/** Shows the clustering writer what waits on one node, of the partitions that it is primary of. */
final class ClusterQueueJob extends NodeJob<ClusterQueueJob.Waiting> {
  private static final long serialVersionUID = 1L;

  private final long below;
  private final long after;
  private final int limit;
  private final int strayLimit;

  /**
   * A question.
   *
   * @param below only posts before this place are asked for
   * @param after posts that are clustered although they come after this place are strays
   */
  ClusterQueueJob(long below, long after, int limit, int strayLimit) {
    this.below = below;
    this.after = after;
    this.limit = limit;
    this.strayLimit = strayLimit;
  }

  /** What waits on a node. */
  static final class Waiting {
    private long[] partitions = {};
    private long complete = Long.MAX_VALUE;
    private Map<String, PostWire> posts = new LinkedHashMap<>();
    private Map<String, VectorWire> vectors = new HashMap<>();
    private Map<String, PostWire> strays = new LinkedHashMap<>();

    /** The partitions that this is about: those the node was primary of all the while. */
    BitSet partitions() {
      return BitSet.valueOf(partitions);
    }

    /** All posts of the node before this place are among {@link #posts()}, or done with. */
    long complete() {
      return complete;
    }

    /** The posts to be clustered next, in order. */
    Map<String, PostWire> posts() {
      return posts;
    }

    /** Their vectors; a near-duplicate has none. */
    Map<String, VectorWire> vectors() {
      return vectors;
    }

    /** Posts that are clustered too far on. */
    Map<String, PostWire> strays() {
      return strays;
    }
  }

  @Override
  Waiting run(LocalNode node) {
    IndexedQueue<PostWire> stages =
        new IndexedQueue<>(node.caches().posts(), PostWire.class, "stage_sequence");
    Waiting waiting = new Waiting();
    BitSet before = node.primaryPartitions();
    // In this order: a post only moves forward, so what is not seen here is seen further on.
    for (Stage early : new Stage[] {Stage.COLLECTED, Stage.EMBEDDED}) {
      for (PostWire first : stages.local(1, eq("stage", early.rank())).values()) {
        waiting.complete = Math.min(waiting.complete, first.sequence());
      }
    }
    waiting.posts = stages.local(limit, eq("stage", Stage.INDEXED.rank()), lt("sequence", below));
    if (waiting.posts.size() == limit) {
      long last = waiting.posts.values().stream().mapToLong(PostWire::sequence).max().orElse(0);
      waiting.complete = Math.min(waiting.complete, last + 1);
    }
    waiting.strays =
        stages.local(strayLimit, eq("stage", Stage.CLUSTERED.rank()), gt("sequence", after));
    // Who ceases to be primary in between may have seen one half of a partition's posts here, and
    // its successor the other: neither answers for it.
    if (before.equals(node.primaryPartitions())) {
      waiting.partitions = before.toLongArray();
    }
    addVectors(node, waiting);
    return waiting;
  }

  private static void addVectors(LocalNode node, Waiting waiting) {
    TreeSet<String> elsewhere = new TreeSet<>();
    waiting.posts.forEach(
        (id, post) -> {
          if (post.duplicateOf() == null) {
            @Nullable VectorWire here =
                node.caches().vectors().localPeek(id, CachePeekMode.PRIMARY);
            if (here == null) {
              elsewhere.add(id);
            } else {
              waiting.vectors.put(id, here);
            }
          }
        });
    if (!elsewhere.isEmpty()) {
      waiting.vectors.putAll(node.caches().vectors().getAll(elsewhere));
    }
  }
}
