package io.pulsegrid.api.pages;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.grid.Grid;
import io.pulsegrid.core.page.PageRequest;
import io.pulsegrid.core.publish.Channels;
import io.pulsegrid.core.source.Sources;
import io.pulsegrid.core.telling.Alert;
import io.pulsegrid.core.telling.Alerts;
import io.pulsegrid.core.trend.Trend;
import io.pulsegrid.core.trend.Trends;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.springframework.stereotype.Component;

/** The first page's content, put together afresh at every look. */
@Component
final class Boards {
  private static final PageRequest TOP = new PageRequest(10, null);
  private static final PageRequest ONE = new PageRequest(1, null);
  private static final long MANY = 2;
  private static final Alerts.Filter WAITING =
      new Alerts.Filter(Set.of(Alert.Kind.CHANNEL_PAUSED, Alert.Kind.WEBHOOK_PARKED), null, true);

  private final Trends trends;
  private final Deliveries deliveries;
  private final Alerts alerts;
  private final Grid grid;
  private final FirstLook firstLook;
  private final InstantSource clock;

  Boards(
      Trends trends,
      Deliveries deliveries,
      Alerts alerts,
      Grid grid,
      FirstLook firstLook,
      InstantSource clock) {
    this.trends = trends;
    this.deliveries = deliveries;
    this.alerts = alerts;
    this.grid = grid;
    this.firstLook = firstLook;
    this.clock = clock;
  }

  Board of(WorkspaceId workspace) {
    Instant now = clock.instant();
    List<Trend> top = trends.list(workspace, null, MANY, TOP).items();
    double highest = top.stream().mapToDouble(Trend::score).max().orElse(0);
    return new Board(
        top.stream().map(trend -> TrendCard.of(trend, highest, now)).toList(),
        deliveries.next(workspace, now),
        deliveries.wrong(workspace, now),
        alerts.list(workspace, WAITING, TOP).items().stream()
            .map(alert -> AlertCard.of(alert, now))
            .toList(),
        deliveries.counts(workspace),
        grid.nodes().stream()
            .map(
                node ->
                    new Board.NodeCard(
                        node.id().toString().substring(0, 8),
                        node.state(),
                        node.http(),
                        Moment.of(node.since(), now),
                        node.pid(),
                        node.primaries(),
                        node.gpu()))
            .toList(),
        firstLook.of(workspace),
        Moment.of(now, now));
  }

  /** Whether a workspace has what it takes to listen and to publish. */
  @Component
  static final class FirstLook {
    private final Sources sources;
    private final Channels channels;

    FirstLook(Sources sources, Channels channels) {
      this.sources = sources;
      this.channels = channels;
    }

    Board.FirstSteps of(WorkspaceId workspace) {
      return new Board.FirstSteps(
          sources.list(workspace, ONE).items().isEmpty(),
          channels.list(workspace, ONE).items().isEmpty());
    }
  }
}
