package io.pulsegrid.node.publish;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether this node may arm at all: it knows the time, reaches the store and is not stopping. */
final class Gate {
  private static final Logger log = LoggerFactory.getLogger(Gate.class);
  private static final Duration AFTER_A_FAILURE = Duration.ofSeconds(1);
  private static final Duration LONG = Duration.ofDays(1);

  private final BooleanSupplier clockTrusted;
  private final LongSupplier monotonicNanos;
  private volatile boolean closed;
  private volatile boolean failed;
  private volatile long failedAtNanos;

  Gate(BooleanSupplier clockTrusted, LongSupplier monotonicNanos) {
    this.clockTrusted = clockTrusted;
    this.monotonicNanos = monotonicNanos;
  }

  boolean open() {
    return !closed && clockTrusted.getAsBoolean() && quietFor(AFTER_A_FAILURE);
  }

  void close() {
    closed = true;
  }

  /** The store did not answer. */
  void storeFailed(RuntimeException cause) {
    if (quietFor(AFTER_A_FAILURE.multipliedBy(10))) {
      log.warn("The store does not answer; nothing is published until it does", cause);
    }
    failedAtNanos = monotonicNanos.getAsLong();
    failed = true;
  }

  /** How long the store has answered everything, as far as this node asked; at most a day. */
  Duration quiet() {
    Duration quiet = Duration.ofNanos(monotonicNanos.getAsLong() - failedAtNanos);
    return failed && quiet.compareTo(LONG) < 0 ? quiet : LONG;
  }

  private boolean quietFor(Duration time) {
    return quiet().compareTo(time) >= 0;
  }
}
