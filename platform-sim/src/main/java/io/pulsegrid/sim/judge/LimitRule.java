package io.pulsegrid.sim.judge;

import java.time.Duration;

/**
 * At most so many in any window of this length.
 *
 * @param shared whether all accounts of the platform count together, as those of one app
 */
public record LimitRule(int limit, Duration window, boolean shared) {
  /** For each account by itself. */
  public LimitRule(int limit, Duration window) {
    this(limit, window, false);
  }

  public LimitRule {
    if (limit < 0) {
      throw new IllegalArgumentException("limit must not be negative, was " + limit);
    }
    if (window.isNegative() || window.isZero()) {
      throw new IllegalArgumentException("window must be positive, was " + window);
    }
  }
}
