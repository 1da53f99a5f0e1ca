package io.pulsegrid.core.limit;

import java.time.Duration;

/** At most {@code limit} actions in any stretch of time as long as {@code window}. */
public record WindowRule(int limit, Duration window) {
  public WindowRule {
    if (limit < 1) {
      throw new IllegalArgumentException("limit must be at least 1, was " + limit);
    }
    if (window.isNegative() || window.isZero()) {
      throw new IllegalArgumentException("window must be positive, was " + window);
    }
  }
}
