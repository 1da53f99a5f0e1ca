package io.pulsegrid.api.posts;

import io.pulsegrid.core.post.Engagement;
import io.pulsegrid.core.post.EngagementHistory;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;

/** How the world had answered a post by a moment. */
@Schema(name = "EngagementReading")
public record EngagementReading(
    Instant at,
    @Schema(description = "likes, stars, favourites or votes") long likes,
    long comments,
    @Schema(description = "shares, boosts, quotes or forks") long shares,
    long views) {

  /** A reading as it is shown. */
  public static EngagementReading of(EngagementHistory.Reading reading) {
    Engagement counts = reading.counts();
    return new EngagementReading(
        reading.at(), counts.likes(), counts.comments(), counts.shares(), counts.views());
  }
}
