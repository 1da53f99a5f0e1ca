package io.pulsegrid.node.listen;

import java.time.Duration;

/**
 * How long it may be remembered that the grid is whole. Partitions are lost only with nodes, and
 * stay lost until that is noted where everybody asks: so nothing is remembered for a while after
 * nodes came or went, nor as long as anything is lost. For one thread.
 */
final class CalmGrid {
  static final Duration CALM_AFTER = Duration.ofSeconds(30);
  static final Duration REMEMBERED = Duration.ofSeconds(1);

  private long topology = Long.MIN_VALUE;
  private long changedNanos;
  private long askedNanos;
  private boolean lossy = true;

  /**
   * Whether what was answered last still holds.
   *
   * @param topologyNow rises with every change of the nodes
   */
  boolean remembers(long topologyNow, long nowNanos) {
    if (topologyNow != topology) {
      topology = topologyNow;
      changedNanos = nowNanos;
    }
    return nowNanos - changedNanos > CALM_AFTER.toNanos()
        && !lossy
        && nowNanos - askedNanos < REMEMBERED.toNanos();
  }

  /**
   * The question is asked anew, after this look at what is lost: what is seen to be mended was
   * noted before, and the answer knows it.
   */
  void ask(boolean anythingLost, long nowNanos) {
    lossy = anythingLost;
    askedNanos = nowNanos;
  }
}
