package io.pulsegrid.node.store.posts;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.trend.Trend;
import io.pulsegrid.core.trend.Trend.Moment;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/**
 * Puts trends into the outbox for webhooks that ask for them: when one has its second post, and at
 * each turn of its history. In the transaction of the checkpoint, so that a turn is told if and
 * only if it is saved. Streams are told by the grid itself, at every change.
 */
final class TrendTurns {
  private static final long MANY = 2;

  private static final String TELL =
      """
      INSERT INTO outbox (id, workspace, subject, payload, sent)
      SELECT gen_random_uuid()::text, r.workspace, 'trend', r.payload::jsonb, true
      FROM unnest(?, ?, ?, ?) AS r (trend, workspace, turned_at, payload)
      LEFT JOIN trend t ON t.id = r.trend
      WHERE EXISTS (SELECT FROM webhook w
          WHERE w.workspace = r.workspace AND 'trend' = ANY (w.events))
        AND (t.id IS NULL OR t.post_count < 2
          OR (t.history -> -1 ->> 'at')::timestamptz IS DISTINCT FROM r.turned_at)
      ORDER BY r.trend
      """;

  private TrendTurns() {}

  /** Before the trends are saved: what is stored still tells how they stood. */
  static void tell(Connection connection, WorkspaceId workspace, List<SavedTrend> trends)
      throws SQLException {
    List<Trend> many =
        trends.stream().map(SavedTrend::trend).filter(it -> it.postCount() >= MANY).toList();
    if (many.isEmpty() || !isWanted(connection, workspace)) {
      return;
    }
    try (PreparedStatement statement = connection.prepareStatement(TELL)) {
      new ColumnArrays<>(statement, many)
          .column("text", it -> it.id().value())
          .column("text", _ -> workspace.value())
          .times(it -> it.history().isEmpty() ? null : last(it).at())
          .column("text", TrendJson::whole);
      statement.executeUpdate();
    }
  }

  private static boolean isWanted(Connection connection, WorkspaceId workspace)
      throws SQLException {
    return Asked.any(
        connection,
        "SELECT FROM webhook WHERE workspace = ? AND 'trend' = ANY (events) LIMIT 1",
        workspace);
  }

  private static Moment last(Trend trend) {
    return trend.history().getLast();
  }
}
