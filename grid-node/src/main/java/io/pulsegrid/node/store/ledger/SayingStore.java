package io.pulsegrid.node.store.ledger;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.publish.DeliveryState;
import io.pulsegrid.node.store.StoreAway;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.JdbcOperations;

/** What channels said already or are about to say. */
public final class SayingStore {
  private static final String COUNTING = "d.state NOT IN ('CANCELLED', 'FAILED', 'MISSED')";
  private static final int MOST = 5;

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

  /**
   * What says the very same as the deliveries of these posts, other posts' on the same channel and
   * no further apart than {@code within}, by post; some of it where there is much.
   */
  public Map<String, List<Saying>> sameAs(Collection<String> posts, Duration within) {
    Columns<String> ids = Columns.of(List.copyOf(posts)).text(id -> id);
    return StoreAway.told(
        () -> {
          Map<String, List<Saying>> same = new HashMap<>();
          jdbc.query(
              """
              SELECT o.scheduled_post AS post, f.* FROM delivery o
              JOIN saying w ON w.delivery = o.id
              CROSS JOIN LATERAL (
                SELECT d.id, d.channel, d.state, coalesce(d.asked_at, d.due_at) AS at,
                  coalesce(s.variants ->> d.platform, s.text) AS text
                FROM saying x JOIN delivery d ON d.id = x.delivery
                JOIN scheduled_post s ON s.id = d.scheduled_post
                WHERE x.channel = w.channel AND x.said = w.said AND s.id <> o.scheduled_post
                  AND %s AND coalesce(d.asked_at, d.due_at)
                    BETWEEN coalesce(o.asked_at, o.due_at) - make_interval(secs => %d)
                    AND coalesce(o.asked_at, o.due_at) + make_interval(secs => %d)
                LIMIT %d) f
              WHERE o.scheduled_post = ANY (?) AND %s
              """
                  .formatted(
                      COUNTING,
                      within.toSeconds(),
                      within.toSeconds(),
                      MOST,
                      COUNTING.replace("d.", "o.")),
              statement -> ids.bind(statement, 1),
              row -> {
                same.computeIfAbsent(row.getString("post"), _ -> new ArrayList<>())
                    .add(saying(row));
              });
          return same;
        });
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
