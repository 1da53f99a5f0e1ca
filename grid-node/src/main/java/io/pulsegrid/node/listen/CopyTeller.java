package io.pulsegrid.node.listen;

import io.pulsegrid.node.grid.GridConfiguration;
import io.pulsegrid.node.grid.PostCaches;
import io.pulsegrid.node.grid.wire.Revision;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.ignite.Ignite;
import org.apache.ignite.IgniteException;
import org.apache.ignite.cluster.ClusterNode;
import org.apache.ignite.lang.IgniteFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the nodes that keep copies of posts, as their primary, which have changed. */
final class CopyTeller {
  private static final Logger log = LoggerFactory.getLogger(CopyTeller.class);
  private static final long PATIENCE_MILLIS = 2_000;

  private final Ignite ignite;
  private final PostCaches caches;

  CopyTeller(Ignite ignite, PostCaches caches) {
    this.ignite = ignite;
    this.caches = caches;
  }

  /**
   * Tells of some posts of this node, by id with their revisions. Returns when the others have
   * heard; one that has not, because it is leaving or only just starting, finds out by itself.
   */
  void tell(Map<String, Revision> revisions) {
    Map<ClusterNode, CopyNewsJob> jobs = new HashMap<>();
    revisions.forEach(
        (id, revision) -> {
          for (ClusterNode node : caches.affinity().mapKeyToPrimaryAndBackups(id)) {
            if (!node.isLocal()) {
              jobs.computeIfAbsent(node, _ -> new CopyNewsJob()).add(id, revision);
            }
          }
        });
    List<IgniteFuture<Boolean>> telling = new ArrayList<>();
    jobs.forEach(
        (node, job) ->
            telling.add(
                ignite
                    .compute(ignite.cluster().forNode(node))
                    .withNoFailover()
                    .withExecutor(GridConfiguration.SEARCH_EXECUTOR)
                    .callAsync(job)));
    for (IgniteFuture<Boolean> one : telling) {
      try {
        one.get(PATIENCE_MILLIS);
      } catch (IgniteException e) {
        log.debug("a copy's node was not told; its sweep will find out", e);
      }
    }
  }
}
