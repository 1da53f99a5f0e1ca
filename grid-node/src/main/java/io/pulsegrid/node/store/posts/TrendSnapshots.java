package io.pulsegrid.node.store.posts;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.trend.Trend;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/**
 * Writes down how trends stand, in the transaction of the checkpoint: the record shows what the
 * trends were, never more and never less.
 */
final class TrendSnapshots {
  private static final long MANY = 2;

  private static final String RECORD =
      """
      INSERT INTO trend_snapshot (trend, event_at, workspace, label, keywords, state, score,
        post_count, platforms, first_seen, last_seen)
      SELECT trend, event_at, workspace, label, string_to_array(keywords, U&'\\001f'), state, score,
        post_count, platforms::jsonb, first_seen, last_seen
      FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        AS r (trend, event_at, workspace, label, keywords, state, score, post_count, platforms,
        first_seen, last_seen)
      ON CONFLICT DO NOTHING
      """;

  private static final String END =
      """
      INSERT INTO trend_snapshot (trend, event_at, workspace, gone, label, keywords, state, score,
        post_count, platforms, first_seen, last_seen)
      SELECT t.id, greatest(m.event_at, t.last_seen), t.workspace, true, t.label, t.keywords,
        t.state, 0, t.post_count, t.platforms, t.first_seen, t.last_seen
      FROM unnest(?, ?) AS m (trend, event_at) JOIN trend t ON t.id = m.trend
      WHERE t.post_count > 1
      ON CONFLICT (trend, recorded_at) DO UPDATE SET gone = true
      """;

  /** A trend that was merged, and the time of the posts at which it was. */
  private record Ended(String trend, Instant at) {}

  private TrendSnapshots() {}

  /** Before merged trends are removed, which are written down as gone. */
  static void record(Connection connection, WorkspaceId workspace, List<SavedTrend> trends)
      throws SQLException {
    List<Trend> many =
        trends.stream().map(SavedTrend::trend).filter(it -> it.postCount() >= MANY).toList();
    try (PreparedStatement statement = connection.prepareStatement(RECORD)) {
      new ColumnArrays<>(statement, many)
          .column("text", it -> it.id().value())
          .times(it -> eventTime(it))
          .column("text", _ -> workspace.value())
          .column("text", it -> it.wording().label())
          .column("text", it -> String.join("\u001f", it.wording().keywords()))
          .column("text", it -> it.state().name())
          .column("float8", Trend::score)
          .column("int8", Trend::postCount)
          .column("text", TrendJson::platforms)
          .times(it -> it.firstSeen())
          .times(it -> it.lastSeen());
      statement.executeUpdate();
    }
    List<Ended> ended =
        trends.stream()
            .flatMap(
                saved ->
                    saved.aliases().stream()
                        .map(alias -> new Ended(alias.value(), eventTime(saved.trend()))))
            .toList();
    if (!ended.isEmpty()) {
      try (PreparedStatement statement = connection.prepareStatement(END)) {
        new ColumnArrays<>(statement, ended).column("text", Ended::trend).times(it -> it.at());
        statement.executeUpdate();
      }
    }
  }

  /** A state may change when no post came: its time is then the latest that is known. */
  private static Instant eventTime(Trend trend) {
    return trend.history().stream()
        .map(Trend.Moment::at)
        .reduce(trend.lastSeen(), (one, other) -> one.isAfter(other) ? one : other);
  }
}
