package io.pulsegrid.sim.judge;

import java.time.Duration;
import java.time.Instant;

/**
 * Where an account stands with the rule that leaves it least.
 *
 * @param granted whether the call was let through
 * @param reset when the window's next place becomes free
 * @param window how long that rule looks back
 */
public record Standing(
    boolean granted, int limit, long remaining, Instant reset, Duration window) {}
