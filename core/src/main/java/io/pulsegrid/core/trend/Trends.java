package io.pulsegrid.core.trend;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.page.Page;
import io.pulsegrid.core.page.PageRequest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reading the trends. Safe for use by many threads. */
public interface Trends {
  /** A trend by its own id or by that of one merged into it. */
  Optional<Trend> find(WorkspaceId workspace, TrendId id);

  /**
   * The trends of a workspace, highest score first, then the most posts.
   *
   * @param state null for any
   * @param minPosts 2 leaves out trends of one post
   */
  Page<Trend> list(
      WorkspaceId workspace, @Nullable TrendState state, long minPosts, PageRequest page);
}
