package io.pulsegrid.node.listen;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.page.Page;
import io.pulsegrid.core.page.PageRequest;
import io.pulsegrid.core.trend.Trend;
import io.pulsegrid.core.trend.TrendId;
import io.pulsegrid.core.trend.TrendState;
import io.pulsegrid.core.trend.Trends;
import io.pulsegrid.node.grid.PostCaches;
import io.pulsegrid.node.grid.wire.TrendWire;
import io.pulsegrid.node.store.posts.TrendStore;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Trends by id from the grid; lists, old ones and merged ones from Postgres. */
public final class GridTrends implements Trends {
  private final PostCaches caches;
  private final TrendStore store;

  public GridTrends(PostCaches caches, TrendStore store) {
    this.caches = caches;
    this.store = store;
  }

  @Override
  public Optional<Trend> find(WorkspaceId workspace, TrendId id) {
    TrendWire live = caches.trends().get(id.value());
    if (live != null) {
      return Optional.of(live.trend()).filter(trend -> trend.workspace().equals(workspace));
    }
    return StoreAway.guard(() -> store.find(workspace, id));
  }

  @Override
  public Page<Trend> list(
      WorkspaceId workspace, @Nullable TrendState state, long minPosts, PageRequest page) {
    return StoreAway.guard(() -> store.list(workspace, state, minPosts, page));
  }
}
