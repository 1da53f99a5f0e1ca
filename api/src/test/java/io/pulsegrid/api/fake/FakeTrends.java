package io.pulsegrid.api.fake;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.page.Page;
import io.pulsegrid.core.page.PageRequest;
import io.pulsegrid.core.trend.Trend;
import io.pulsegrid.core.trend.TrendId;
import io.pulsegrid.core.trend.TrendState;
import io.pulsegrid.core.trend.Trends;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Trends in memory. */
public final class FakeTrends implements Trends {
  private final List<Trend> trends = new ArrayList<>();
  private final Map<TrendId, TrendId> aliases = new HashMap<>();

  public synchronized void add(Trend trend) {
    trends.add(trend);
  }

  public synchronized void alias(TrendId old, TrendId now) {
    aliases.put(old, now);
  }

  @Override
  public synchronized Optional<Trend> find(WorkspaceId workspace, TrendId id) {
    TrendId now = aliases.getOrDefault(id, id);
    return trends.stream()
        .filter(trend -> trend.workspace().equals(workspace) && trend.id().equals(now))
        .findFirst();
  }

  @Override
  public synchronized Page<Trend> list(
      WorkspaceId workspace, @Nullable TrendState state, long minPosts, PageRequest page) {
    return Cut.of(
        trends.stream()
            .filter(trend -> trend.workspace().equals(workspace))
            .filter(trend -> trend.postCount() >= minPosts)
            .filter(trend -> state == null || trend.state() == state)
            .sorted(Comparator.comparingDouble(Trend::score).reversed())
            .toList(),
        page);
  }
}
