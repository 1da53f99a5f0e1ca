package io.pulsegrid.core.limit;

import java.time.Duration;

/** At most {@code limit} actions in any stretch of time as long as {@code window}. */
public record WindowRule(int limit, Duration window) {
  /** As far back as what counts is remembered at the least: a longer window could not be kept. */
  public static final Duration LONGEST = Duration.ofDays(31);

  public WindowRule {
    if (limit < 1) {
      throw new IllegalArgumentException("limit must be at least 1, was " + limit);
    }
    if (window.isNegative() || window.isZero()) {
      throw new IllegalArgumentException("window must be positive, was " + window);
    }
    if (window.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("window must be at most " + LONGEST + ", was " + window);
    }
  }
}
