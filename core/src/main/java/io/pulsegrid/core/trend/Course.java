package io.pulsegrid.core.trend;

import java.util.Arrays;
import java.util.List;

/** The course of a trend's hourly counts, and where it leads. */
final class Course {
  static final int LEAST_HOURS = 6;
  static final int LEAST_POSTS = 24;
  static final int LEAST_RECENT = 6;

  private static final int DAY = 24;
  private static final int LEVEL_HOURS = 3;
  private static final double LAST_HOUR = .6;
  private static final double KEPT_EACH_HOUR = .95;

  // Yesterday's way counts by its square root, and a few posts more or less are no way at all.
  private static final double YESTERDAY = .5;
  private static final double STEADYING = 3;
  private static final double STEEPEST = 4;

  // What misses were before the trend has its own: as many as these, so far beside chance.
  private static final int PRIOR_MISSES = 8;
  private static final double PRIOR_SPREAD = .4;
  private static final double NORMAL_80_PERCENT = 1.28;

  /** Own misses are few and autocorrelated: their .7 quantile covers what comes in 80 of 100. */
  private static final double QUANTILE = .7;

  private final long[] counts;

  Course(List<Long> counts) {
    this.counts = counts.stream().mapToLong(Long::longValue).toArray();
  }

  long recent() {
    long posts = 0;
    for (int i = counts.length - LEAST_HOURS; i < counts.length; i++) {
      posts += counts[i];
    }
    return posts;
  }

  /** The posts expected in an hour to come, 1 for the next. */
  double expected(int ahead) {
    return expected(counts.length, ahead);
  }

  /** As known at the end of the first {@code known} hours. */
  private double expected(int known, int ahead) {
    double level = level(known);
    if (known >= DAY + LEVEL_HOURS) {
      double then = level(known - DAY);
      double later = around(known - DAY + ahead - 1, known);
      double way = (later + STEADYING) / (then + STEADYING);
      level *= Math.pow(Math.clamp(way, 1 / STEEPEST, STEEPEST), YESTERDAY);
    }
    return level * Math.pow(KEPT_EACH_HOUR, ahead);
  }

  private double level(int known) {
    int hours = Math.min(LEVEL_HOURS, known);
    double sum = 0;
    for (int i = known - hours; i < known; i++) {
      sum += counts[i];
    }
    return LAST_HOUR * counts[known - 1] + (1 - LAST_HOUR) * sum / hours;
  }

  /** An hour of yesterday and the two beside it. */
  private double around(int hour, int known) {
    double after = hour + 1 < known ? counts[hour + 1] : counts[hour];
    return (counts[hour - 1] + 2d * counts[hour] + after) / 4;
  }

  /** How far from the expected the interval reaches, in posts. */
  double reach(double expected, int ahead) {
    double[] misses = misses(ahead);
    double prior = NORMAL_80_PERCENT * Math.sqrt(1 + PRIOR_SPREAD * PRIOR_SPREAD * expected);
    double own =
        misses.length == 0
            ? prior
            : misses[Math.min(misses.length - 1, (int) (QUANTILE * misses.length))];
    double usual = (misses.length * own + PRIOR_MISSES * prior) / (misses.length + PRIOR_MISSES);
    return usual * Math.sqrt(expected + 1);
  }

  /** How far the rule was from what came, in standard deviations of chance, smallest first. */
  private double[] misses(int ahead) {
    int first = LEAST_HOURS;
    double[] misses = new double[Math.max(0, counts.length - ahead - first + 1)];
    for (int i = 0; i < misses.length; i++) {
      double forecast = expected(first + i, ahead);
      double came = counts[first + i + ahead - 1];
      misses[i] = Math.abs(came - forecast) / Math.sqrt(forecast + 1);
    }
    Arrays.sort(misses);
    return misses;
  }
}
