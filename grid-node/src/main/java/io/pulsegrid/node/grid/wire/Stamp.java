package io.pulsegrid.node.grid.wire;

import org.apache.ignite.Ignite;

/**
 * What a change is marked with on the node that makes it.
 *
 * <p>The topology is that of the node that makes the change, not of the one that sent it: a sender
 * that has not yet seen a node leave would have the successor write in the epoch of the node that
 * was cut off, and both could come to the same revision. The writer makes that impossible even for
 * two nodes that count alike, each without the other.
 *
 * @param epoch the start of the grid, and how often its nodes have changed since
 * @param writer the number of this node's start, which the store never gives twice
 */
public record Stamp(long epoch, long writer) {
  /** The node attribute that holds the number of its start: a {@code Long}. */
  public static final String WRITER_ATTRIBUTE = "pulsegrid.writer";

  private static final int TOPOLOGY_BITS = 24;
  private static final long TOPOLOGY = (1L << TOPOLOGY_BITS) - 1;

  /** The stamp of a change made on this node now, in the grid that began with a number. */
  public static Stamp inGrid(Ignite ignite, long incarnation) {
    return on(ignite, incarnation << TOPOLOGY_BITS);
  }

  /** The stamp of a change made on this node now, which a node of the same grid asked for. */
  public static Stamp on(Ignite ignite, long epochOfSender) {
    Long writer = ignite.cluster().localNode().attribute(WRITER_ATTRIBUTE);
    if (writer == null) {
      throw new IllegalStateException("node " + ignite.name() + " has no number of its start");
    }
    long topology = ignite.cluster().topologyVersion();
    return new Stamp((epochOfSender & ~TOPOLOGY) | (topology & TOPOLOGY), writer);
  }
}
