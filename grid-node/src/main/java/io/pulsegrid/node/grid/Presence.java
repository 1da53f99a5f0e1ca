package io.pulsegrid.node.grid;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether this node may act and answer just now. A process that was stopped for longer than the
 * grid waits for it (SIGSTOP, a paused machine) has most likely been cut off and does not know it
 * yet: until it has had the time to hear so, it arms nothing and answers nobody. Run it several
 * times a second. Asking never waits.
 */
public final class Presence implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(Presence.class);

  private final Departure departure;
  private final BooleanSupplier alone;
  private final LongSupplier monotonicNanos;
  private final long limitNanos;
  private volatile long ranNanos;
  private volatile long doubtEndsNanos;

  /**
   * A presence that begins now.
   *
   * @param alone whether no other node is there that could have cut this one off
   * @param failureDetection after which silence the grid cuts a node off
   */
  public Presence(
      Departure departure,
      BooleanSupplier alone,
      LongSupplier monotonicNanos,
      Duration failureDetection) {
    this.departure = departure;
    this.alone = alone;
    this.monotonicNanos = monotonicNanos;
    limitNanos = failureDetection.toNanos();
    ranNanos = monotonicNanos.getAsLong();
    doubtEndsNanos = ranNanos;
  }

  @Override
  public void run() {
    long now = monotonicNanos.getAsLong();
    long gap = now - ranNanos;
    if (gap >= limitNanos && !alone.getAsBoolean()) {
      // Before the time of this run is told: nobody may see a fresh time without the doubt.
      doubtEndsNanos = now + limitNanos;
      log.warn(
          "This process was stopped for {} ms; it answers nobody for {} ms, until it knows whether"
              + " the grid has gone on without it",
          gap / 1_000_000,
          limitNanos / 1_000_000);
    }
    ranNanos = now;
  }

  /** Whether nothing speaks against it that this node is part of the grid. */
  public boolean sure() {
    if (departure.begun()) {
      return false;
    }
    long ran = ranNanos;
    long now = monotonicNanos.getAsLong();
    // A thread that wakes before the one that runs this sees the old time of it.
    return now >= doubtEndsNanos && (now - ran < limitNanos || alone.getAsBoolean());
  }
}
