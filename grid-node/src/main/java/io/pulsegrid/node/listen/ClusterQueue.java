package io.pulsegrid.node.listen;

import io.pulsegrid.node.grid.CacheShapes;
import io.pulsegrid.node.grid.wire.PostWire;
import io.pulsegrid.node.grid.wire.VectorWire;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.ignite.Ignite;
import org.apache.ignite.IgniteException;
import org.apache.ignite.cluster.ClusterNode;
import org.apache.ignite.lang.IgniteFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The posts to be clustered, of the whole grid, in the order of acceptance and without a hole. Each
 * node tells what waits in the partitions of which it is the primary; unless these are all
 * partitions, each once, the grid is just changing and nothing is known.
 */
final class ClusterQueue {
  private static final Logger log = LoggerFactory.getLogger(ClusterQueue.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Ignite ignite;
  private final Sequencer sequencer;

  ClusterQueue(Ignite ignite, Sequencer sequencer) {
    this.ignite = ignite;
    this.sequencer = sequencer;
  }

  /**
   * What waits.
   *
   * @param posts what is to be clustered next, in order; nothing before the last of them is missing
   * @param vectors theirs
   * @param strays what is clustered although it comes after a place that was passed to {@link
   *     #look}
   */
  record Waiting(
      Map<String, PostWire> posts, Map<String, VectorWire> vectors, Map<String, PostWire> strays) {}

  /**
   * Looks at the whole grid; empty while it is changing.
   *
   * @param after how far everything is clustered: what is so beyond is a stray
   */
  Optional<Waiting> look(long after, int limit, int strayLimit) {
    // First of all: what is below this mark was in the grid before any node was asked.
    long complete = sequencer.watermark();
    List<ClusterQueueJob.Waiting> answers = new ArrayList<>();
    if (!ask(new ClusterQueueJob(complete, after, limit, strayLimit), answers)) {
      return Optional.empty();
    }
    Map<String, PostWire> posts = new HashMap<>();
    Map<String, VectorWire> vectors = new HashMap<>();
    Map<String, PostWire> strays = new HashMap<>();
    for (ClusterQueueJob.Waiting answer : answers) {
      complete = Math.min(complete, answer.complete());
      posts.putAll(answer.posts());
      vectors.putAll(answer.vectors());
      strays.putAll(answer.strays());
    }
    long end = complete;
    Map<String, PostWire> ordered = new LinkedHashMap<>();
    posts.entrySet().stream()
        .filter(post -> post.getValue().sequence() < end)
        .sorted(
            Comparator.<Map.Entry<String, PostWire>>comparingLong(p -> p.getValue().sequence())
                .thenComparing(Map.Entry::getKey))
        .forEach(post -> ordered.put(post.getKey(), post.getValue()));
    return Optional.of(new Waiting(ordered, vectors, strays));
  }

  private boolean ask(ClusterQueueJob job, List<ClusterQueueJob.Waiting> answers) {
    List<IgniteFuture<ClusterQueueJob.Waiting>> asked = new ArrayList<>();
    BitSet seen = new BitSet();
    try {
      for (ClusterNode node : ignite.cluster().forServers().nodes()) {
        asked.add(ignite.compute(ignite.cluster().forNode(node)).withNoFailover().callAsync(job));
      }
      for (IgniteFuture<ClusterQueueJob.Waiting> one : asked) {
        ClusterQueueJob.Waiting answer = one.get(PATIENCE.toMillis());
        BitSet theirs = answer.partitions();
        if (theirs.intersects(seen)) {
          return false;
        }
        seen.or(theirs);
        answers.add(answer);
      }
    } catch (IgniteException e) {
      log.debug("a node did not say what waits to be clustered", e);
      return false;
    }
    return seen.cardinality() == CacheShapes.PARTITIONS;
  }
}
