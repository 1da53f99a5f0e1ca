package io.pulsegrid.node.listen;

import io.pulsegrid.node.grid.wire.Stamp;
import org.apache.ignite.Ignite;
import org.apache.ignite.IgniteCache;

/**
 * The first half of a revision: rises whenever the primary of a partition may have changed, and
 * never repeats, even when the whole grid starts again. What a node sends along with a change; the
 * node that makes the change puts its own view of the grid into it.
 */
public final class Epochs {
  private static final String INCARNATION = "incarnation";

  private final Ignite ignite;
  private final long incarnation;

  private Epochs(Ignite ignite, long incarnation) {
    this.ignite = ignite;
    this.incarnation = incarnation;
  }

  /**
   * The epochs of a grid, which is numbered by the start of its first node.
   *
   * @param facts the grid's own small facts
   */
  public static Epochs of(Ignite ignite, IgniteCache<String, Long> facts) {
    Long running = facts.get(INCARNATION);
    if (running == null) {
      // Two first nodes may both say theirs: one of the numbers wins.
      facts.putIfAbsent(INCARNATION, Stamp.inGrid(ignite, 0).writer());
      running = facts.get(INCARNATION);
    }
    return new Epochs(ignite, running);
  }

  /** The epoch of a change made here now. */
  public long current() {
    return Stamp.inGrid(ignite, incarnation).epoch();
  }
}
