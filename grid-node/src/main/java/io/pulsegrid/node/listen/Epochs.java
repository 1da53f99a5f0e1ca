package io.pulsegrid.node.listen;

import java.util.function.LongSupplier;
import org.apache.ignite.Ignite;
import org.apache.ignite.IgniteCache;

/**
 * The first half of a revision: rises whenever the primary of a partition may have changed, and
 * never repeats, even when the whole grid starts again.
 */
public final class Epochs {
  private static final String INCARNATION = "incarnation";
  private static final int TOPOLOGY_BITS = 24;

  private final Ignite ignite;
  private final long incarnation;

  private Epochs(Ignite ignite, long incarnation) {
    this.ignite = ignite;
    this.incarnation = incarnation;
  }

  /**
   * The epochs of a grid.
   *
   * @param facts the grid's own small facts
   * @param nextIncarnation a number that the store never gives twice; asked by the first node
   */
  public static Epochs of(
      Ignite ignite, IgniteCache<String, Long> facts, LongSupplier nextIncarnation) {
    Long running = facts.get(INCARNATION);
    if (running == null) {
      // Two first nodes may both ask: one of the numbers wins, the other is never used.
      facts.putIfAbsent(INCARNATION, nextIncarnation.getAsLong());
      running = facts.get(INCARNATION);
    }
    return new Epochs(ignite, running);
  }

  /** The epoch of a change made now. */
  public long current() {
    return (incarnation << TOPOLOGY_BITS) | ignite.cluster().topologyVersion();
  }
}
