package io.pulsegrid.node.store.posts;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.trend.Trend;
import io.pulsegrid.core.trend.Trend.Moment;
import io.pulsegrid.core.trend.TrendId;
import io.pulsegrid.core.trend.TrendState;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts trends that emerge where they are compared with subscriptions, in the transaction of the
 * checkpoint that knows of them: a writer that dies leaves both or neither, and its successor finds
 * again whatever it had not saved.
 */
final class Emergences {
  private static final long MANY = 2;

  private static final String QUEUE =
      """
      INSERT INTO trend_emergence AS e (trend, workspace, score, payload)
      SELECT r.trend, r.workspace, r.score, r.payload::jsonb
      FROM unnest(?, ?, ?, ?) AS r (trend, workspace, score, payload)
      WHERE EXISTS (SELECT FROM subscription s WHERE s.workspace = r.workspace
        AND s.min_score <= r.score AND NOT EXISTS (
          SELECT FROM subscription_told d WHERE d.subscription = s.id AND d.trend = r.trend))
      ORDER BY r.trend
      ON CONFLICT (trend) DO UPDATE SET score = excluded.score, payload = excluded.payload,
        place = excluded.place
      WHERE e.score <= excluded.score
      """;

  private Emergences() {}

  /** Before the trends are saved: what is stored still tells since when they are looked at. */
  static void queue(Connection connection, WorkspaceId workspace, List<SavedTrend> trends)
      throws SQLException {
    if (!hasSubscriptions(connection, workspace)) {
      return;
    }
    List<Trend> many =
        trends.stream().map(SavedTrend::trend).filter(it -> it.postCount() >= MANY).toList();
    Map<TrendId, Instant> looked = lastLook(connection, many);
    List<Trend> rising =
        many.stream().filter(it -> rises(it, looked.getOrDefault(it.id(), Instant.MIN))).toList();
    if (!rising.isEmpty()) {
      try (PreparedStatement statement = connection.prepareStatement(QUEUE)) {
        new ColumnArrays<>(statement, rising)
            .column("text", it -> it.id().value())
            .column("text", it -> it.workspace().value())
            .column("float8", Trend::score)
            .column("text", TrendJson::whole);
        statement.executeUpdate();
      }
    }
    end(connection, many);
  }

  /** One that rose and fell between two looks has risen all the same. */
  private static boolean rises(Trend trend, Instant looked) {
    return isRise(trend.state())
        || trend.history().stream()
            .anyMatch(
                moment ->
                    moment instanceof Moment.Entered entered
                        && isRise(entered.state())
                        && entered.at().isAfter(looked));
  }

  private static boolean isRise(TrendState state) {
    return state == TrendState.EMERGING || state == TrendState.RISING;
  }

  private static boolean hasSubscriptions(Connection connection, WorkspaceId workspace)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT FROM subscription WHERE workspace = ? LIMIT 1")) {
      statement.setString(1, workspace.value());
      try (ResultSet row = statement.executeQuery()) {
        return row.next();
      }
    }
  }

  private static Map<TrendId, Instant> lastLook(Connection connection, List<Trend> trends)
      throws SQLException {
    Map<TrendId, Instant> looks = new HashMap<>();
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT id, last_seen FROM trend WHERE id = ANY (?)")) {
      new ColumnArrays<>(statement, trends).column("text", it -> it.id().value());
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          looks.put(new TrendId(rows.getString(1)), rows.getTimestamp(2).toInstant());
        }
      }
    }
    return looks;
  }

  /** What was told of a trend that fades is over. */
  private static void end(Connection connection, List<Trend> trends) throws SQLException {
    List<Trend> faded = trends.stream().filter(it -> it.state() == TrendState.FADING).toList();
    try (PreparedStatement statement =
        connection.prepareStatement(
            "UPDATE alert SET over_at = now() WHERE over_at IS NULL AND trend = ANY (?)")) {
      new ColumnArrays<>(statement, faded).column("text", it -> it.id().value());
      statement.executeUpdate();
    }
  }
}
