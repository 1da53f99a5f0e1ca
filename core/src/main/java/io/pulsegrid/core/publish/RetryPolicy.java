package io.pulsegrid.core.publish;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How often a delivery is tried and how long it waits in between: exponential backoff, the upper
 * half of each pause drawn by lot, so that what failed together does not come back together.
 *
 * @param budget how many calls may be spent; throttled calls cost nothing
 * @param chance where the jitter comes from; used by many threads
 */
public record RetryPolicy(int budget, Duration base, Duration longest, RandomGenerator chance) {
  public RetryPolicy {
    if (budget < 1) {
      throw new IllegalArgumentException("budget must be at least 1, was " + budget);
    }
    if (base.isNegative() || base.isZero()) {
      throw new IllegalArgumentException("base must be positive, was " + base);
    }
    if (longest.compareTo(base) < 0) {
      throw new IllegalArgumentException("longest must not be below base, was " + longest);
    }
  }

  /** Whether this many spent attempts leave none. */
  public boolean spent(int attempts) {
    return attempts >= budget;
  }

  /** The pause after the {@code n}th try, counted from 1. */
  public Duration pauseAfter(int n) {
    long doubled = base.toMillis();
    for (int i = 1; i < n && doubled < longest.toMillis(); i++) {
      doubled *= 2;
    }
    long whole = Math.min(doubled, longest.toMillis());
    return Duration.ofMillis(whole - (long) (chance.nextDouble() * (whole / 2.0)));
  }
}
