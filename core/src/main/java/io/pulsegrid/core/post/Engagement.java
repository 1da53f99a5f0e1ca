package io.pulsegrid.core.post;

/** How the world answered a post, as counts that are never negative. */
public record Engagement(long likes, long comments, long shares, long views) {
  public static final Engagement NONE = new Engagement(0, 0, 0, 0);

  public Engagement {
    if (likes < 0 || comments < 0 || shares < 0 || views < 0) {
      throw new IllegalArgumentException("engagement counts must not be negative");
    }
  }

  /** The counts of both together; what no long can hold is the most that one can. */
  public Engagement plus(Engagement other) {
    return new Engagement(
        sum(likes, other.likes),
        sum(comments, other.comments),
        sum(shares, other.shares),
        sum(views, other.views));
  }

  private static long sum(long one, long other) {
    long sum = one + other;
    return sum < 0 ? Long.MAX_VALUE : sum;
  }
}
