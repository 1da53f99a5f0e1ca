package io.pulsegrid.node.listen;

import io.pulsegrid.node.grid.GridConfiguration;
import java.util.BitSet;
import org.apache.ignite.Ignite;
import org.apache.ignite.IgniteException;
import org.apache.ignite.cluster.ClusterNode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The partitions that the indexes of the other nodes answer for. Safe for use by many threads. */
final class IndexedElsewhere {
  private static final Logger log = LoggerFactory.getLogger(IndexedElsewhere.class);
  private static final long PATIENCE_MILLIS = 1_000;

  private final Ignite ignite;

  IndexedElsewhere(Ignite ignite) {
    this.ignite = ignite;
  }

  /** Asks each node, one after the other; one that does not answer within a second has none. */
  BitSet partitions() {
    BitSet elsewhere = new BitSet();
    for (ClusterNode node : ignite.cluster().forServers().forRemotes().nodes()) {
      try {
        elsewhere.or(
            IndexedJob.partitions(
                ignite
                    .compute(ignite.cluster().forNode(node))
                    .withNoFailover()
                    .withExecutor(GridConfiguration.SEARCH_EXECUTOR)
                    .callAsync(new IndexedJob())
                    .get(PATIENCE_MILLIS)));
      } catch (IgniteException e) {
        log.debug("a node did not say what it has indexed", e);
      }
    }
    return elsewhere;
  }
}
