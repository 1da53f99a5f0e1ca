package io.pulsegrid.core.post;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.page.Page;
import io.pulsegrid.core.page.PageRequest;
import io.pulsegrid.core.trend.TrendId;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reading the posts that were collected. Safe for use by many threads. */
public interface Posts {
  Optional<Post> find(WorkspaceId workspace, PostId id);

  /** The posts that match, newest {@code publishedAt} first. */
  Page<Post> list(Query query, PageRequest page);

  /** The near-duplicates of a post, newest {@code publishedAt} first. */
  Page<Post> copies(Post original, PageRequest page);

  /** How far a post and its near-duplicates went. */
  Spread spread(Post original);

  /**
   * How far a post went.
   *
   * @param copies how many posts nearly repeat it
   * @param reach how the world answered it and them together
   */
  record Spread(long copies, Engagement reach) {}

  /**
   * Which posts; a null leaves that side open.
   *
   * @param since inclusive
   * @param until exclusive
   */
  record Query(
      WorkspaceId workspace,
      @Nullable String platform,
      @Nullable String source,
      @Nullable Instant since,
      @Nullable Instant until,
      @Nullable TrendId trend) {}
}
