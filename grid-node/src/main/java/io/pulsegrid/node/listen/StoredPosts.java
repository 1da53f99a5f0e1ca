package io.pulsegrid.node.listen;

import io.pulsegrid.node.grid.PostCaches;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.ignite.Ignite;
import org.apache.ignite.cluster.ClusterNode;

/** Has posts stored, wherever in the grid they are. */
final class StoredPosts {
  private final Ignite ignite;
  private final PostCaches caches;

  StoredPosts(Ignite ignite, PostCaches caches) {
    this.ignite = ignite;
    this.caches = caches;
  }

  /**
   * Returns when Postgres has the posts as they are now, or refuses them for good.
   *
   * @throws org.apache.ignite.IgniteException when a node or the database is away, or a post was
   *     stored otherwise by another node
   */
  void ensureStored(Collection<String> ids) {
    Map<ClusterNode, Collection<String>> homes = caches.affinity().mapKeysToNodes(ids);
    homes.forEach(
        (node, own) ->
            ignite
                .compute(ignite.cluster().forNode(node))
                .call(new StoreJob(new ArrayList<>(own))));
  }

  private static final class StoreJob extends NodeJob<Integer> {
    private static final long serialVersionUID = 1L;

    private final List<String> ids;

    StoreJob(List<String> ids) {
      this.ids = ids;
    }

    @Override
    Integer run(LocalNode node) throws Exception {
      StoreFlusher.Flushed flushed = node.flusher().flush(ids);
      if (!flushed.overtaken().isEmpty()) {
        throw new IllegalStateException(
            flushed.overtaken().size() + " posts have changed in the store meanwhile");
      }
      return flushed.refused().size();
    }
  }
}
