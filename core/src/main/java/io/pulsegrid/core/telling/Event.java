package io.pulsegrid.core.telling;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.post.Post;
import io.pulsegrid.core.publish.Delivery;
import io.pulsegrid.core.trend.Trend;
import java.time.Instant;

/**
 * Something that happened, as subscribers are told.
 *
 * @param id opaque and stable: a subscriber that sees it twice may drop the second
 */
public record Event(String id, WorkspaceId workspace, Instant at, Subject subject) {

  /** What it happened to, as it stood then. */
  public sealed interface Subject {
    record OfPost(Post post) implements Subject {}

    record OfTrend(Trend trend) implements Subject {}

    record OfDelivery(Delivery delivery) implements Subject {}

    record OfAlert(Alert alert) implements Subject {}
  }
}
