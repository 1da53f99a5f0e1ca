package io.pulsegrid.sim.world;

import java.time.Duration;
import java.time.Instant;

/** How the world turns to something: quick at first, then ever slower. */
public final class Attention {
  private static final double MILLIS = Duration.ofHours(3).toMillis();

  private Attention() {}

  /**
   * How many of {@code all} have come by {@code now} to what is there since {@code at}.
   *
   * @param slowness 1 for the usual; twice as slow for 2
   */
  public static long share(int all, Instant at, Instant now, double slowness) {
    double age = Math.max(0, Duration.between(at, now).toMillis());
    return Math.round(all * (1 - Math.exp(-age / (MILLIS * slowness))));
  }
}
