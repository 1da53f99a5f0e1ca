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
