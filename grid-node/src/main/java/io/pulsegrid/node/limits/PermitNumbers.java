package io.pulsegrid.node.limits;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * What tells permits apart: numbers in a row, from a start that is random among all there are, so
 * that no two nodes, nor a node and itself before it was started anew, come to give the same. In a
 * row, since a scope's permits come from few nodes, and those that lie close together are packed
 * into a third of the space. Safe for use by several threads.
 */
public final class PermitNumbers implements LongSupplier {
  private final AtomicLong last;

  /**
   * A row of its own.
   *
   * @param random asked once
   */
  public PermitNumbers(RandomGenerator random) {
    last = new AtomicLong(random.nextLong());
  }

  @Override
  public long getAsLong() {
    return last.incrementAndGet();
  }
}
