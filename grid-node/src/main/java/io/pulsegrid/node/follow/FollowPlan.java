package io.pulsegrid.node.follow;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * When a post is asked about again: half its age later, so that the older it is the more seldom; no
 * sooner than five minutes, no later than twelve hours, and no more once it is old.
 */
public final class FollowPlan {
  private static final Duration SOONEST = Duration.ofMinutes(5);
  private static final Duration LATEST = Duration.ofHours(12);

  private FollowPlan() {}

  /**
   * The next reading after one at {@code now}; empty when the last was made.
   *
   * @param follow how long after it was published a post is followed
   */
  public static Optional<Instant> next(Instant publishedAt, Instant now, Duration follow) {
    Duration half = Duration.between(publishedAt, now).dividedBy(2);
    Duration step = half.compareTo(SOONEST) < 0 ? SOONEST : half;
    Instant next = now.plus(step.compareTo(LATEST) > 0 ? LATEST : step);
    return next.isAfter(publishedAt.plus(follow)) ? Optional.empty() : Optional.of(next);
  }
}
