package io.pulsegrid.node.listen;

import io.pulsegrid.compute.index.WordStatistics;
import io.pulsegrid.node.grid.CacheShapes;
import io.pulsegrid.node.grid.GridConfiguration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.ignite.Ignite;
import org.apache.ignite.IgniteException;
import org.apache.ignite.cluster.ClusterNode;
import org.apache.ignite.lang.IgniteFuture;
import org.apache.ignite.lang.IgniteFutureTimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all nodes know ahead of a search, asked for in one round. Each weighs words by how frequent
 * they are among all posts, not among those it happens to hold: otherwise a post's score would
 * depend on its node. For one thread and one search.
 */
final class Preparation {
  private static final Logger log = LoggerFactory.getLogger(Preparation.class);
  private static final long PATIENCE_NANOS = Duration.ofMillis(500).toNanos();

  private final SilentNodes silent;
  private final Map<ClusterNode, IgniteFuture<PrepareJob.Prepared>> asked = new LinkedHashMap<>();
  private final long end = System.nanoTime() + PATIENCE_NANOS;
  private @Nullable List<PrepareJob.Prepared> answers;

  private Preparation(SilentNodes silent) {
    this.silent = silent;
  }

  /** Asks, and does not wait. */
  static Preparation begin(Ignite ignite, SilentNodes silent, PrepareJob job) {
    List<ClusterNode> all = List.copyOf(ignite.cluster().forServers().nodes());
    Preparation preparation = new Preparation(silent);
    for (ClusterNode node : all) {
      if (!silent.isAvoided(node.id())) {
        try {
          preparation.asked.put(
              node,
              ignite
                  .compute(ignite.cluster().forNode(node))
                  .withNoFailover()
                  .withExecutor(GridConfiguration.SEARCH_EXECUTOR)
                  .callAsync(job));
        } catch (IgniteException e) {
          log.debug("node {} could not be asked", node.id(), e);
        }
      }
    }
    return preparation;
  }

  /** Whether it is certain that no post passes the filter: every partition was looked at. */
  boolean nothingPasses() {
    BitSet looked = new BitSet();
    for (PrepareJob.Prepared answer : answers()) {
      if (answer.any()) {
        return false;
      }
      looked.or(answer.indexed());
    }
    return looked.cardinality() == CacheShapes.PARTITIONS;
  }

  /**
   * How frequent the words are among the posts of all nodes that answered.
   *
   * @param copies how many nodes have each post
   */
  WordStatistics words(int copies) {
    return WordStatistics.together(
        answers().stream().map(PrepareJob.Prepared::words).toList(), copies);
  }

  private List<PrepareJob.Prepared> answers() {
    List<PrepareJob.Prepared> known = answers;
    if (known == null) {
      known = new ArrayList<>();
      for (Map.Entry<ClusterNode, IgniteFuture<PrepareJob.Prepared>> one : asked.entrySet()) {
        await(one.getKey(), one.getValue(), known);
      }
      answers = known;
    }
    return known;
  }

  private void await(
      ClusterNode node, IgniteFuture<PrepareJob.Prepared> future, List<PrepareJob.Prepared> into) {
    try {
      into.add(future.get(Math.max(1, (end - System.nanoTime()) / 1_000_000)));
    } catch (IgniteFutureTimeoutException e) {
      // The search itself then asks others in its place at once.
      silent.silent(node.id());
      future.cancel();
    } catch (IgniteException e) {
      log.debug("node {} is not ready to search", node.id(), e);
    }
  }
}
