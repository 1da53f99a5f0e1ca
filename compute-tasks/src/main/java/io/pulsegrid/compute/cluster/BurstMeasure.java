package io.pulsegrid.compute.cluster;

/**
 * What a burst is measured by.
 *
 * @param expectation what usual is to be multiplied with, by {@link Tide#expectation}
 * @param quickPosts how many posts above the usual are many, by the quick level
 * @param recentPosts the same by the recent level
 */
record BurstMeasure(double expectation, double quickPosts, double recentPosts) {
  private static final double FEWEST = 6;
  private static final double DEVIATIONS_OF_STREAM = 2;

  /** A crowded stream brings by chance what would be a burst in a quiet one. */
  static BurstMeasure of(Tide tide, double expectation) {
    return new BurstMeasure(
        expectation,
        Math.max(FEWEST, DEVIATIONS_OF_STREAM * Math.sqrt(tide.quick())),
        Math.max(FEWEST, DEVIATIONS_OF_STREAM * Math.sqrt(tide.recent())));
  }
}
