package io.pulsegrid.core.post;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.trend.TrendId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A post of the world as we hold it. */
public record Post(
    PostId id,
    WorkspaceId workspace,
    Content content,
    Engagement engagement,
    Instant publishedAt,
    Instant collectedAt,
    Progress progress) {

  /**
   * When it was posted as far as trends are concerned: as it says, but no later than it came to us.
   * What is dated ahead (by a wrong clock, or on purpose) would else make all others look old.
   */
  public Instant happenedAt() {
    return publishedAt.isAfter(collectedAt) ? collectedAt : publishedAt;
  }

  /**
   * How far the post has come.
   *
   * @param sequence the place in the order of acceptance that clustering follows
   * @param source the source that collected it; null for an import
   * @param duplicateOf the original that this post nearly repeats
   */
  public record Progress(
      Stage stage,
      long sequence,
      @Nullable String source,
      @Nullable PostId duplicateOf,
      @Nullable TrendId trendId) {}
}
