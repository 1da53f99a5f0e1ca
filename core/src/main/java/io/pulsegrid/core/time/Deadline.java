package io.pulsegrid.core.time;

import java.time.Duration;
import java.time.Instant;

/**
 * A moment after which something must not begin any more, whatever was asleep in between: it has
 * passed as soon as one of the machine's clocks says so. A local clock that is set forward makes it
 * pass early, which costs a try; set back, it changes nothing.
 */
public final class Deadline {
  private final Clocks clocks;
  private final long endNanos;
  private final Instant end;

  private Deadline(Clocks clocks, long endNanos, Instant end) {
    this.clocks = clocks;
    this.endNanos = endNanos;
    this.end = end;
  }

  public static Deadline after(Duration time, Clocks clocks) {
    return new Deadline(
        clocks,
        clocks.monotonicNanos().getAsLong() + time.toNanos(),
        clocks.local().instant().plus(time));
  }

  /** What is left; zero or negative once it has passed. */
  public Duration left() {
    Duration monotonic = Duration.ofNanos(endNanos - clocks.monotonicNanos().getAsLong());
    Duration local = Duration.between(clocks.local().instant(), end);
    return monotonic.compareTo(local) < 0 ? monotonic : local;
  }

  public boolean hasPassed() {
    return !left().isPositive();
  }
}
