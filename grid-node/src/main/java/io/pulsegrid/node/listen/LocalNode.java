package io.pulsegrid.node.listen;

import io.pulsegrid.compute.index.PostIndex;
import io.pulsegrid.core.search.Embedder;
import io.pulsegrid.node.grid.PostCaches;
import io.pulsegrid.node.store.posts.PostStore;
import io.pulsegrid.node.store.posts.RetentionStore;
import java.util.BitSet;
import org.apache.ignite.Ignite;

/** What a job that arrives at a node may use there. */
record LocalNode(
    Ignite ignite,
    PostCaches caches,
    StoreFlusher flusher,
    PostStore store,
    Adoption adoption,
    ReembedStage reembed,
    RetentionStore retention,
    PostIndex index,
    Embedder embedder,
    IndexedPartitions partitions,
    CopyNews news,
    Backlog backlog,
    Epochs epochs) {
  private static final String KEY = "pulsegrid.listening";

  /** Makes this node answer jobs. */
  void register() {
    ignite.cluster().<String, LocalNode>nodeLocalMap().put(KEY, this);
  }

  /** The node that a job has arrived at. */
  static LocalNode of(Ignite ignite) {
    LocalNode node = ignite.cluster().<String, LocalNode>nodeLocalMap().get(KEY);
    if (node == null) {
      throw new IllegalStateException("node " + ignite.name() + " is still starting");
    }
    return node;
  }

  /** The partitions of posts that this node answers for. */
  BitSet primaryPartitions() {
    BitSet partitions = new BitSet();
    for (int partition : caches.affinity().primaryPartitions(ignite.cluster().localNode())) {
      partitions.set(partition);
    }
    return partitions;
  }
}
