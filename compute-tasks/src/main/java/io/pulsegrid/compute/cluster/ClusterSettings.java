package io.pulsegrid.compute.cluster;

import java.time.Duration;

/**
 * How stories are told apart. One set serves all data; the defaults were chosen on labelled
 * headlines and tweets.
 *
 * @param join how alike a post and a story must be
 * @param merge how alike two stories must be
 * @param maxActive how many trends are active at the most; above, the least alive retire
 * @param quiet how long in event time a trend waits for its next post
 * @param halfLife how fast, in event time, a post stops counting as recent
 */
public record ClusterSettings(
    Likeness join,
    Likeness merge,
    double joinOnWordsAt,
    int maxActive,
    Duration quiet,
    Duration halfLife) {

  /**
   * A threshold on meaning and words together.
   *
   * @param at 0 to 1
   * @param wordShare the weight of words beside that of vectors, 0 to 1
   */
  public record Likeness(double at, double wordShare) {
    public Likeness {
      if (!(at > 0 && at < 1)) {
        throw new IllegalArgumentException("likeness must be between 0 and 1, was " + at);
      }
      if (!(wordShare >= 0 && wordShare <= 1)) {
        throw new IllegalArgumentException("share of words must be 0 to 1, was " + wordShare);
      }
    }
  }

  public static final ClusterSettings STANDARD =
      new ClusterSettings(
          new Likeness(.28, .3),
          new Likeness(.37, .5),
          .12,
          20_000,
          Duration.ofDays(14),
          Duration.ofHours(2));

  public ClusterSettings {
    if (maxActive < 2) {
      throw new IllegalArgumentException("maxActive must be 2 or more, was " + maxActive);
    }
    if (!quiet.isPositive()) {
      throw new IllegalArgumentException("quiet must be positive, was " + quiet);
    }
    if (!halfLife.isPositive()) {
      throw new IllegalArgumentException("halfLife must be positive, was " + halfLife);
    }
  }

  /** The same with another bound on active trends. */
  public ClusterSettings withMaxActive(int bound) {
    return new ClusterSettings(join, merge, joinOnWordsAt, bound, quiet, halfLife);
  }
}
