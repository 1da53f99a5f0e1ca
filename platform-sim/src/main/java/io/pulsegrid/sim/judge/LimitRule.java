package io.pulsegrid.sim.judge;

import java.time.Duration;

/** At most so many in any window of this length. */
public record LimitRule(int limit, Duration window) {
  public LimitRule {
    if (limit < 0) {
      throw new IllegalArgumentException("limit must not be negative, was " + limit);
    }
    if (window.isNegative() || window.isZero()) {
      throw new IllegalArgumentException("window must be positive, was " + window);
    }
  }
}
