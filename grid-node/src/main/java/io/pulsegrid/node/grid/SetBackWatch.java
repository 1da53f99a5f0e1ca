package io.pulsegrid.node.grid;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Takes a node out whose machine's clock was set back. Ignite's timers go by that clock, so that
 * what they were to do before it was set back is done as much later: above all the acknowledgements
 * of updates, which one node collects for another. The grid agrees on no change of its nodes while
 * one is missing, so that the next node to come or go would stop all writes for as long. See
 * docs/decisions/010. Run it every second.
 */
public final class SetBackWatch implements Runnable {
  /** As long as the grid may be held up for it; a clock that is merely kept right moves less. */
  static final Duration TOLERATED = Duration.ofSeconds(5);

  private static final Duration LONGEST_LOOK = Duration.ofSeconds(1);

  private final Departure departure;
  private final InstantSource machine;
  private final LongSupplier monotonicNanos;
  private long aheadMillis = Long.MIN_VALUE;

  /**
   * A watch that begins now.
   *
   * @param machine this machine's clock
   */
  public SetBackWatch(Departure departure, InstantSource machine, LongSupplier monotonicNanos) {
    this.departure = departure;
    this.machine = machine;
    this.monotonicNanos = monotonicNanos;
    look();
  }

  @Override
  public void run() {
    long before = aheadMillis;
    look();
    Duration back = Duration.ofMillis(before - aheadMillis);
    if (before != Long.MIN_VALUE && back.compareTo(TOLERATED) > 0) {
      departure.leave(
          ExitCode.GRID_FAILED,
          "This machine's clock was set back by %d s, for which the grid's timers stand still"
              .formatted(back.toSeconds()));
    }
  }

  /**
   * Notes how far the machine's clock is ahead of the one that only counts; its changes matter.
   * Where the process stood still between the two nothing is known, and the last look counts on.
   */
  private void look() {
    long from = monotonicNanos.getAsLong();
    long now = machine.millis();
    long to = monotonicNanos.getAsLong();
    if (to - from < LONGEST_LOOK.toNanos()) {
      aheadMillis = now - TimeUnit.NANOSECONDS.toMillis(to);
    }
  }
}
