package io.pulsegrid.node.store.limits;

import io.pulsegrid.core.limit.LimitedScope;
import io.pulsegrid.node.limits.LimitHistory;
import io.pulsegrid.node.limits.LimitScope;
import io.pulsegrid.node.store.AgeCursor;
import io.pulsegrid.node.store.StoreAway;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The history of limits over the ledger and the tables {@code limit_block}, {@code limit_action}.
 */
public final class StoredLimitHistory implements LimitHistory {
  private static final String PUBLISH = "publish";

  private static final String OUTSIDE =
      """
      SELECT o.taken_at AS ended FROM limit_action o JOIN channel c ON c.id = o.channel
      WHERE c.id = :of AND o.action = :action
        AND o.taken_at > now() - :reach * interval '1 second'
      """;

  private static final String OF_NO_CHANNEL =
      """
      scope LIKE 'channel:%' AND NOT EXISTS (SELECT FROM channel WHERE 'channel:' || id = scope)
      """;

  private final JdbcClient jdbc;

  public StoredLimitHistory(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  // Two statements: one alone would not see the note of another that it had to wait for.
  @Override
  public Optional<Duration> begin(LimitScope scope) {
    return StoreAway.told(
        () ->
            jdbc.sql("INSERT INTO limit_scope (scope) VALUES (?) ON CONFLICT DO NOTHING")
                        .param(scope.name())
                        .update()
                    == 1
                ? Optional.empty()
                : Optional.of(notedBefore(scope)));
  }

  private Duration notedBefore(LimitScope scope) {
    return jdbc.sql("SELECT extract(epoch FROM now() - begun_at) FROM limit_scope WHERE scope = ?")
        .param(scope.name())
        .query(Double.class)
        .optional()
        .map(seconds -> Duration.ofMillis((long) (seconds * 1000)))
        // Purged in between: whoever asks again notes it anew.
        .orElse(Duration.ZERO);
  }

  @Override
  public List<Instant> ends(LimitScope scope, String action, Duration reach) {
    boolean published = action.equals(PUBLISH);
    return switch (scope) {
      case LimitScope.OfChannel channel ->
          ends(
              published ? OUTSIDE + " UNION ALL " + calls("channel") : OUTSIDE,
              channel.id(),
              action,
              reach);
      // What was done outside was not done by the app.
      case LimitScope.OfApp app ->
          published ? ends(calls("platform"), app.platform(), action, reach) : List.of();
    };
  }

  private List<Instant> ends(String sql, String of, String action, Duration reach) {
    return StoreAway.told(
        () ->
            jdbc.sql(sql)
                .param("of", of)
                .param("action", action)
                .param("reach", reach.plusMinutes(1).toSeconds())
                .query((row, _) -> AgeCursor.instant(row, "ended"))
                .list());
  }

  // Calls that reached the platform, as far as anyone can know. One whose end nobody saw may have
  // been counted a little later than we gave it up.
  private static String calls(String ofDelivery) {
    return """
        SELECT CASE WHEN a.outcome IN ('ambiguous', 'swept') THEN a.ended_at + interval '1 minute'
                    ELSE a.ended_at END AS ended
        FROM delivery d JOIN attempt a ON a.delivery = d.id
        WHERE d.%1$s = :of
          -- An entry that came late may be younger than the change of its delivery.
          AND d.changed_at > now() - :reach * interval '1 second' - interval '1 hour'
          AND a.ended_at > now() - :reach * interval '1 second'
          AND a.outcome IN ('accepted', 'rejected', 'unauthorized', 'expired', 'ambiguous', 'swept')
        UNION ALL
        SELECT lease_until FROM delivery WHERE %1$s = :of AND state = 'ARMED'
        """
        .formatted(ofDelivery);
  }

  @Override
  public Optional<LimitedScope.Block> block(LimitScope scope) {
    return StoreAway.told(
        () ->
            jdbc.sql("SELECT until, reason FROM limit_block WHERE scope = ? AND until > now()")
                .param(scope.name())
                .query(
                    (row, _) ->
                        new LimitedScope.Block(
                            AgeCursor.instant(row, "until"), row.getString("reason")))
                .optional());
  }

  @Override
  public void keep(LimitScope scope, LimitedScope.Block block) {
    StoreAway.told(
        () ->
            jdbc.sql(
                    """
                    INSERT INTO limit_block (scope, until, reason) VALUES (?, ?, ?)
                    ON CONFLICT (scope) DO UPDATE
                      SET until = excluded.until, reason = excluded.reason, set_at = now()
                      WHERE limit_block.until < excluded.until
                    """)
                .params(scope.name(), block.until().atOffset(ZoneOffset.UTC), block.reason())
                .update());
  }

  @Override
  public void forget(LimitScope scope) {
    StoreAway.told(
        () -> jdbc.sql("DELETE FROM limit_block WHERE scope = ?").param(scope.name()).update());
  }

  @Override
  public void keep(String id, String channelId, String action, Instant at) {
    StoreAway.told(
        () ->
            jdbc.sql("INSERT INTO limit_action (id, channel, action, taken_at) VALUES (?, ?, ?, ?)")
                .params(id, channelId, action, at.atOffset(ZoneOffset.UTC))
                .update());
  }

  @Override
  public boolean uses(String platform) {
    return StoreAway.told(
        () ->
            jdbc.sql("SELECT EXISTS (SELECT FROM channel WHERE platform = ?)")
                .param(platform)
                .query(Boolean.class)
                .single());
  }

  /** Forgets what no window reaches back to any more; returns how many rows. */
  public int purge(Duration reach) {
    return StoreAway.told(
        () ->
            jdbc.sql("DELETE FROM limit_block WHERE until < now()").update()
                + jdbc.sql("DELETE FROM limit_scope WHERE " + OF_NO_CHANNEL).update()
                + jdbc.sql("DELETE FROM limit_rule WHERE " + OF_NO_CHANNEL).update()
                + jdbc.sql(
                        """
                        DELETE FROM limit_action
                        WHERE taken_at < now() - :reach * interval '1 second'
                        """)
                    .param("reach", reach.toSeconds())
                    .update());
  }
}
