package io.pulsegrid.api.fake;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.page.PageRequest;
import io.pulsegrid.core.trend.Trend;
import io.pulsegrid.core.trend.TrendHistory;
import io.pulsegrid.core.trend.TrendId;
import io.pulsegrid.core.trend.TrendState;
import java.time.Instant;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Radars of before in memory. */
public final class FakeTrendHistory implements TrendHistory {
  private final NavigableMap<Instant, List<Trend>> radars = new TreeMap<>();

  public synchronized void record(Instant at, List<Trend> trends) {
    radars.put(at, List.copyOf(trends));
  }

  @Override
  public synchronized Past list(
      WorkspaceId workspace,
      Instant at,
      @Nullable TrendState state,
      long minPosts,
      PageRequest page) {
    Instant since = radars.isEmpty() ? null : radars.firstKey();
    return new Past(
        Cut.of(
            then(at).stream()
                .filter(trend -> trend.workspace().equals(workspace))
                .filter(trend -> trend.postCount() >= minPosts)
                .filter(trend -> state == null || trend.state() == state)
                .toList(),
            page),
        since,
        since == null || at.isBefore(since));
  }

  @Override
  public synchronized Optional<Trend> find(WorkspaceId workspace, TrendId id, Instant at) {
    return then(at).stream()
        .filter(trend -> trend.workspace().equals(workspace) && trend.id().equals(id))
        .findFirst();
  }

  private List<Trend> then(Instant at) {
    var radar = radars.floorEntry(at);
    return radar == null ? List.of() : radar.getValue();
  }
}
