package io.pulsegrid.core.trend;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.page.Page;
import io.pulsegrid.core.page.PageRequest;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The trends as they stood at an earlier time, trends of two posts or more, as exactly as they were
 * saved then. A time before anything was recorded is taken as one of the posts' own, so that events
 * that were imported or replayed can be looked back on. Safe for use by many threads.
 */
public interface TrendHistory {
  /**
   * The radar of then.
   *
   * @param recordedSince when the record begins; null while there is none
   * @param byPostTime whether {@code at} was taken as a time of the posts
   */
  record Past(Page<Trend> trends, @Nullable Instant recordedSince, boolean byPostTime) {}

  /**
   * The trends of a workspace as they stood, highest score first, then the most posts. A summary is
   * that of now, and empty for a trend that was merged away since.
   *
   * @param state null for any
   */
  Past list(
      WorkspaceId workspace,
      Instant at,
      @Nullable TrendState state,
      long minPosts,
      PageRequest page);

  /** One of them, by its own id then or by that of one merged into it before. */
  Optional<Trend> find(WorkspaceId workspace, TrendId id, Instant at);
}
