package io.pulsegrid.node.store.ledger;

import io.pulsegrid.node.store.StoreAway;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.springframework.jdbc.core.JdbcOperations;

/** Deliveries in doubt, and what the others of their channels say of them. */
public final class DoubtStore {
  private final JdbcOperations jdbc;

  DoubtStore(JdbcOperations jdbc) {
    this.jdbc = jdbc;
  }

  /** A channel with deliveries in doubt, and how many. */
  public record Doubtful(String channel, String platform, int count) {}

  /** The channels with doubtful deliveries whose time to ask has come, the longest due first. */
  public List<Doubtful> doubtful() {
    return StoreAway.told(
        () ->
            jdbc.query(
                """
                SELECT channel, platform, count(*) AS count FROM delivery
                WHERE state = 'UNCONFIRMED' AND next_probe_at <= now()
                GROUP BY channel, platform ORDER BY min(next_probe_at)
                """,
                (row, _) ->
                    new Doubtful(
                        row.getString("channel"), row.getString("platform"), row.getInt("count"))));
  }

  /**
   * Takes doubtful deliveries of a channel whose time to ask has come; nobody else is given them
   * before {@code hold} is over, so that an asker who dies is replaced.
   */
  public List<Sendable> toProbe(String channel, Duration hold, int limit) {
    return StoreAway.told(
        () ->
            jdbc.query(
                """
        WITH taken AS (
          UPDATE delivery d SET fence = d.fence + 1, changed_at = now(),
            next_probe_at = now() + make_interval(secs => ? / 1000.0)
          WHERE d.id IN (SELECT id FROM delivery WHERE state = 'UNCONFIRMED' AND channel = ?
            AND next_probe_at <= now() ORDER BY next_probe_at LIMIT ? FOR UPDATE SKIP LOCKED)
          RETURNING %s
        )
        SELECT d.*, %s FROM taken d
        JOIN scheduled_post s ON s.id = d.scheduled_post JOIN channel c ON c.id = d.channel
        """
                    .formatted(Rows.DELIVERY, Rows.CALL),
                (row, _) -> Rows.sendable(row),
                hold.toMillis(),
                channel,
                limit));
  }

  /** What the deliveries of a channel already hold on its platform, written since {@code since}. */
  public Set<String> claimedOn(String channel, Instant since) {
    return StoreAway.told(
        () ->
            new HashSet<>(
                jdbc.queryForList(
                    """
            SELECT remote_id FROM delivery
            WHERE channel = ? AND remote_id IS NOT NULL AND changed_at >= ?
            """,
                    String.class,
                    channel,
                    since.atOffset(ZoneOffset.UTC))));
  }

  /**
   * The texts of a channel's other deliveries of which a post may be there that none of them is
   * known to hold: called since then, and under way, in doubt, or confirmed without an id.
   */
  public List<String> unidentifiedOn(String channel, String butNot, Instant since) {
    return StoreAway.told(
        () ->
            jdbc.queryForList(
                """
            SELECT coalesce(s.variants ->> d.platform, s.text)
            FROM delivery d JOIN scheduled_post s ON s.id = d.scheduled_post
            WHERE d.channel = ? AND d.remote_id IS NULL AND d.id <> ? AND d.lease_until >= ?
              AND (d.doubt_since IS NOT NULL OR d.state IN ('ARMED', 'PUBLISHED'))
            """,
                String.class,
                channel,
                butNot,
                since.atOffset(ZoneOffset.UTC)));
  }
}
