package io.pulsegrid.node.store.ledger;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.publish.DeliveryState;
import io.pulsegrid.core.publish.ScheduledPost;
import io.pulsegrid.node.store.StoreAway;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.springframework.jdbc.core.JdbcOperations;

/** What channels said already or are about to say. */
public final class SayingStore {
  private static final String COUNTING = "d.state NOT IN ('CANCELLED', 'FAILED', 'MISSED')";
  private static final int MOST = 20;

  private final JdbcOperations jdbc;

  SayingStore(JdbcOperations jdbc) {
    this.jdbc = jdbc;
  }

  /** What a delivery says, or will say. */
  public record Saying(
      String delivery, String channel, DeliveryState state, Instant at, String text) {}

  /** The latest of a channel since a time, whatever is still to come included. */
  public List<Saying> on(WorkspaceId workspace, String channel, Instant since, int limit) {
    return StoreAway.told(
        () ->
            jdbc.query(
                """
                SELECT d.id, d.channel, d.state, coalesce(d.asked_at, d.due_at) AS at,
                  coalesce(s.variants ->> d.platform, s.text) AS text
                FROM delivery d JOIN scheduled_post s ON s.id = d.scheduled_post
                WHERE d.workspace = ? AND d.channel = ? AND d.due_at >= ? AND %s
                ORDER BY d.due_at DESC LIMIT ?
                """
                    .formatted(COUNTING),
                (row, _) -> saying(row),
                workspace.value(),
                channel,
                since.atOffset(ZoneOffset.UTC),
                limit));
  }

  /** Other posts with the very text of this one, on its channels, as far as they count. */
  public List<Saying> sameAs(ScheduledPost post) {
    Columns<String> channels = Columns.of(post.draft().channels()).text(id -> id);
    return StoreAway.told(
        () ->
            jdbc.query(
                """
                SELECT d.id, d.channel, d.state, coalesce(d.asked_at, d.due_at) AS at, s.text
                FROM scheduled_post s JOIN delivery d ON d.scheduled_post = s.id
                WHERE d.channel = ANY (?) AND s.workspace = ? AND md5(s.text) = md5(?)
                  AND s.id <> ? AND %s
                ORDER BY at DESC LIMIT %d
                """
                    .formatted(COUNTING, MOST),
                statement -> {
                  int next = channels.bind(statement, 1);
                  statement.setString(next, post.workspace().value());
                  statement.setString(next + 1, post.draft().text());
                  statement.setString(next + 2, post.id());
                },
                (row, _) -> saying(row)));
  }

  private static Saying saying(ResultSet row) throws SQLException {
    return new Saying(
        row.getString("id"),
        row.getString("channel"),
        DeliveryState.valueOf(row.getString("state")),
        Rows.instant(row, "at"),
        row.getString("text"));
  }
}
