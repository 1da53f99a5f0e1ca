package io.pulsegrid.core.post;

/** How the world answered a post, as counts that are never negative. */
public record Engagement(long likes, long comments, long shares, long views) {
  public static final Engagement NONE = new Engagement(0, 0, 0, 0);

  public Engagement {
    if (likes < 0 || comments < 0 || shares < 0 || views < 0) {
      throw new IllegalArgumentException("engagement counts must not be negative");
    }
  }
}
