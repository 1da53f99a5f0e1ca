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
import java.util.ArrayList;
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

  /** One that waits is compared as it is now, and by the highest score that it has waited with. */
  private static final String QUEUE =
      """
      INSERT INTO trend_emergence AS e (trend, workspace, score, payload)
      SELECT r.trend, r.workspace, r.score, r.payload::jsonb
      FROM unnest(?, ?, ?, ?) AS r (trend, workspace, score, payload)
      WHERE EXISTS (SELECT FROM subscription s WHERE s.workspace = r.workspace
        AND s.min_score <= r.score AND NOT EXISTS (
          SELECT FROM subscription_told d WHERE d.subscription = s.id AND d.trend = r.trend))
      ORDER BY r.trend
      ON CONFLICT (trend) DO UPDATE SET score = greatest(e.score, excluded.score),
        payload = jsonb_set(
          excluded.payload, '{score}', to_jsonb(greatest(e.score, excluded.score))),
        place = excluded.place
      """;

  private static final String END =
      """
      WITH faded AS (SELECT unnest(?) AS id)
      UPDATE alert SET over_at = now() WHERE over_at IS NULL AND trend IN (
        SELECT id FROM faded UNION ALL
        SELECT a.alias FROM trend_alias a JOIN faded ON a.trend_id = faded.id)
      """;

  private Emergences() {}

  /** Before the trends are saved: what is stored tells which turns are new. */
  static void queue(Connection connection, WorkspaceId workspace, List<SavedTrend> trends)
      throws SQLException {
    if (!Asked.any(connection, "SELECT FROM subscription WHERE workspace = ? LIMIT 1", workspace)) {
      return;
    }
    List<Trend> many =
        trends.stream().map(SavedTrend::trend).filter(it -> it.postCount() >= MANY).toList();
    List<Trend> fallen =
        many.stream().filter(it -> !rises(it) && !risings(it.history()).isEmpty()).toList();
    Map<TrendId, List<Moment>> known = storedHistories(connection, fallen);
    List<Trend> rising = new ArrayList<>(many.stream().filter(Emergences::rises).toList());
    for (Trend trend : fallen) {
      // One that rose and fell between two checkpoints has risen all the same.
      List<Moment> before = known.getOrDefault(trend.id(), List.of());
      if (!before.containsAll(risings(trend.history()))) {
        rising.add(trend);
      }
    }
    put(connection, rising);
  }

  private static void put(Connection connection, List<Trend> rising) throws SQLException {
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
  }

  private static boolean rises(Trend trend) {
    return isRise(trend.state());
  }

  private static boolean isRise(TrendState state) {
    return state == TrendState.EMERGING || state == TrendState.RISING;
  }

  private static List<Moment> risings(List<Moment> history) {
    return history.stream()
        .filter(it -> it instanceof Moment.Entered into && isRise(into.state()))
        .toList();
  }

  private static Map<TrendId, List<Moment>> storedHistories(
      Connection connection, List<Trend> trends) throws SQLException {
    Map<TrendId, List<Moment>> histories = new HashMap<>();
    if (trends.isEmpty()) {
      return histories;
    }
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT id, history FROM trend WHERE id = ANY (?)")) {
      new ColumnArrays<>(statement, trends).column("text", it -> it.id().value());
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          histories.put(new TrendId(rows.getString(1)), TrendJson.history(rows.getString(2)));
        }
      }
    }
    return histories;
  }

  /**
   * What was told of a trend that fades is over, under whichever id it was told: after the aliases
   * are saved, which tell what has just been merged into it.
   */
  static void end(Connection connection, List<SavedTrend> trends) throws SQLException {
    List<TrendId> faded =
        trends.stream()
            .map(SavedTrend::trend)
            .filter(it -> it.postCount() >= MANY && it.state() == TrendState.FADING)
            .map(Trend::id)
            .toList();
    if (faded.isEmpty()) {
      return;
    }
    try (PreparedStatement statement = connection.prepareStatement(END)) {
      new ColumnArrays<>(statement, faded).column("text", TrendId::value);
      statement.executeUpdate();
    }
  }
}
