package io.pulsegrid.sim.fault;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A fault somebody asked for.
 *
 * @param platform the platform it waits at; {@code *} for any
 * @param op the operation it waits for; {@code *} for any
 * @param match a text that the call's address, account or body must contain; null for any call
 * @param count how often it strikes at most; null without end
 * @param probability how likely it strikes each time, above 0 up to 1
 * @param delay how long the call waits; for {@link FaultKind#THROTTLE} how far off the reset lies
 */
public record Fault(
    String platform,
    String op,
    FaultKind kind,
    @Nullable String match,
    @Nullable Long count,
    double probability,
    Duration delay) {
  static final String ANY = "*";

  /** Whether the fault is about this operation at all. */
  boolean concerns(Platform called, String operation) {
    return (platform.equals(ANY) || platform.equals(called.name()))
        && (op.equals(ANY) || op.equals(operation));
  }
}
