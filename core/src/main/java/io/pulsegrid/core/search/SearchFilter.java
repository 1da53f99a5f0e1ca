package io.pulsegrid.core.search;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.trend.TrendId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which posts a search may find; a null leaves that side open, the workspace never.
 *
 * @param since inclusive
 * @param until exclusive
 * @param trends a post is in one of them; none for any
 * @param minLikes 0 for any
 */
public record SearchFilter(
    WorkspaceId workspace,
    @Nullable String platform,
    @Nullable Instant since,
    @Nullable Instant until,
    @Nullable String lang,
    @Nullable String tag,
    List<TrendId> trends,
    @Nullable String author,
    long minLikes) {
  public SearchFilter {
    trends = List.copyOf(trends);
  }

  /** The same, but in one of these trends. */
  public SearchFilter within(List<TrendId> others) {
    return new SearchFilter(workspace, platform, since, until, lang, tag, others, author, minLikes);
  }

  /** Everything in a workspace. */
  public static SearchFilter everythingIn(WorkspaceId workspace) {
    return new SearchFilter(workspace, null, null, null, null, null, List.of(), null, 0);
  }
}
