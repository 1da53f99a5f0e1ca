package io.pulsegrid.node.listen;

import io.micrometer.core.instrument.MeterRegistry;
import io.pulsegrid.core.search.Embedder;
import io.pulsegrid.node.grid.GridConfiguration;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.ignite.Ignite;
import org.apache.ignite.IgniteException;
import org.apache.ignite.cluster.ClusterNode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Embeds batches of posts on a node with a GPU while any is alive, else here. Texts go there and
 * their vectors come back; the posts stay where they are. A GPU node that does not answer, or runs
 * another model, is left alone for a while. Safe for use by many threads.
 */
final class GpuFirstEmbedder implements Embedder {
  private static final Logger log = LoggerFactory.getLogger(GpuFirstEmbedder.class);

  /** As long as a batch may take there; a node that died is known to be gone much sooner. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final Duration LEFT_ALONE = Duration.ofSeconds(10);

  private final Ignite ignite;
  private final Embedder here;
  private final InstantSource clock;
  private final MeterRegistry meters;
  private final AtomicInteger turn = new AtomicInteger();
  private final Map<UUID, Instant> leftAlone = new ConcurrentHashMap<>();

  GpuFirstEmbedder(Ignite ignite, Embedder here, InstantSource clock, MeterRegistry meters) {
    this.ignite = ignite;
    this.here = here;
    this.clock = clock;
    this.meters = meters;
  }

  @Override
  public String model() {
    return here.model();
  }

  @Override
  public int dimensions() {
    return here.dimensions();
  }

  @Override
  public List<float[]> embed(List<String> texts) {
    if (!texts.isEmpty() && !hasGpu(ignite.cluster().localNode())) {
      for (ClusterNode node : nodesWithGpu()) {
        List<float[]> vectors = askedOf(node, texts);
        if (!vectors.isEmpty()) {
          meters.counter("pulsegrid.embedded.elsewhere").increment(texts.size());
          return vectors;
        }
      }
    }
    return here.embed(texts);
  }

  /** Those to be asked, each in turn the first. */
  private List<ClusterNode> nodesWithGpu() {
    List<ClusterNode> nodes =
        new ArrayList<>(
            ignite
                .cluster()
                .forServers()
                .forAttribute(GridConfiguration.GPU_ATTRIBUTE, Boolean.toString(true))
                .nodes());
    leftAlone.values().removeIf(until -> !clock.instant().isBefore(until));
    nodes.removeIf(node -> leftAlone.containsKey(node.id()));
    if (nodes.size() > 1) {
      Collections.rotate(nodes, Math.floorMod(turn.getAndIncrement(), nodes.size()));
    }
    return nodes;
  }

  /** The vectors; none when the node could not be had. */
  private List<float[]> askedOf(ClusterNode node, List<String> texts) {
    EmbedJob.Embedded answer;
    try {
      answer =
          ignite
              .compute(ignite.cluster().forNode(node))
              .withNoFailover()
              .withTimeout(PATIENCE.toMillis())
              .withExecutor(GridConfiguration.EMBED_EXECUTOR)
              .call(new EmbedJob(here.model(), texts));
    } catch (IgniteException e) {
      leave(node, e.toString());
      return List.of();
    }
    List<float[]> vectors = answer.vectors();
    if (vectors.size() != texts.size()) {
      leave(node, "it embeds with " + answer.model() + ", not with " + here.model());
      return List.of();
    }
    return vectors;
  }

  private void leave(ClusterNode node, String why) {
    leftAlone.put(node.id(), clock.instant().plus(LEFT_ALONE));
    log.warn(
        "The GPU of node {} is left alone for {} s, and others embed: {}",
        node.id(),
        LEFT_ALONE.toSeconds(),
        why);
  }

  private static boolean hasGpu(ClusterNode node) {
    return Boolean.parseBoolean(node.attribute(GridConfiguration.GPU_ATTRIBUTE));
  }

  /** Closes nothing: the model belongs to the node. */
  @Override
  public void close() {}
}
