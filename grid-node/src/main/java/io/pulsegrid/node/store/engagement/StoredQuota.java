package io.pulsegrid.node.store.engagement;

import io.pulsegrid.connectors.limits.Told;
import io.pulsegrid.connectors.listen.Quota;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.limit.Allowance;
import io.pulsegrid.core.limit.SlidingWindow;
import io.pulsegrid.core.limit.WindowRule;
import io.pulsegrid.node.store.AgeCursor;
import io.pulsegrid.node.store.StoreAway;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Read quotas over the table {@code read_quota}: one row for all that a platform counts together,
 * locked for each call, in the store's own time. So all nodes keep one limit, whoever dies or is
 * started anew.
 */
public final class StoredQuota implements Quota {
  private static final Duration COME_BACK = Duration.ofSeconds(5);

  /** No platform's window is longer; a reset beyond it is not believed. */
  private static final Duration LONGEST = Duration.ofHours(25);

  private static final Logger log = LoggerFactory.getLogger(StoredQuota.class);

  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final InstantSource clock;
  private final Function<String, Map<String, List<WindowRule>>> limits;

  /**
   * @param limits of a kind of source, by action; asked each time
   */
  public StoredQuota(
      JdbcClient jdbc,
      TransactionTemplate transaction,
      InstantSource clock,
      Function<String, Map<String, List<WindowRule>>> limits) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.clock = clock;
    this.limits = limits;
  }

  /** A row as it was locked. */
  private record Locked(
      SlidingWindow window,
      @Nullable Instant blockedUntil,
      String reason,
      Instant now,
      long permit) {}

  @Override
  public Leave ask(Bucket bucket, Duration longest) {
    String scope = String.join(" ", bucket.kind(), bucket.action(), bucket.holder());
    try {
      return inTransaction(() -> ask(scope, rules(bucket), longest));
    } catch (PulsegridException storeAway) {
      // Nobody can say how much is left: nothing is asked then.
      return new Leave.Held(clock.instant().plus(COME_BACK), "the store is away");
    }
  }

  private List<WindowRule> rules(Bucket bucket) {
    List<WindowRule> rules = limits.apply(bucket.kind()).getOrDefault(bucket.action(), List.of());
    return bucket.patient()
        ? rules.stream()
            .map(rule -> new WindowRule(Math.max(1, rule.limit() / 2), rule.window()))
            .toList()
        : rules;
  }

  private Leave ask(String scope, List<WindowRule> rules, Duration longest) {
    jdbc.sql("INSERT INTO read_quota (scope) VALUES (?) ON CONFLICT DO NOTHING")
        .param(scope)
        .update();
    Locked locked = lock(scope);
    Instant now = locked.now();
    if (locked.blockedUntil() != null && locked.blockedUntil().isAfter(now)) {
      return new Leave.Held(locked.blockedUntil(), locked.reason());
    }
    SlidingWindow window = locked.window();
    window.cover(rules.stream().map(WindowRule::window).toList(), List.of());
    window.tidy(rules, now);
    if (window.grant(rules, new long[] {locked.permit()}, now, now.plus(longest)) == 0) {
      return new Leave.Held(window.allowedAt(rules, now), "the limit of " + scope + " is spent");
    }
    keep(scope, locked, null);
    return new Leave.Granted(told -> ended(scope, locked.permit(), told));
  }

  private void ended(String scope, long permit, Told told) {
    try {
      boolean _ =
          inTransaction(
              () -> {
                Locked locked = lock(scope);
                locked.window().settle(permit, locked.now());
                @Nullable Allowance left = told.allowance();
                if (left != null && left.reset().isBefore(locked.now().plus(LONGEST))) {
                  locked.window().told(left.remaining(), left.reset());
                }
                keep(scope, locked, told.blockedUntil());
                return true;
              });
    } catch (PulsegridException storeAway) {
      // The permit counts as ended with the longest that its call could take.
      log.debug("the end of a call of {} is not kept", scope, storeAway);
    }
  }

  private Locked lock(String scope) {
    return jdbc.sql(
            """
            SELECT windows, blocked_until, reason, clock_timestamp() AS at,
              nextval('read_permit') AS permit
            FROM read_quota WHERE scope = ? FOR UPDATE
            """)
        .param(scope)
        .query((row, _) -> locked(row))
        .single();
  }

  private static Locked locked(ResultSet row) throws SQLException {
    byte @Nullable [] windows = row.getBytes("windows");
    @Nullable OffsetDateTime blocked = row.getObject("blocked_until", OffsetDateTime.class);
    return new Locked(
        windows == null ? new SlidingWindow() : SlidingWindow.restore(windows),
        blocked == null ? null : blocked.toInstant(),
        Objects.requireNonNullElse(row.getString("reason"), ""),
        AgeCursor.instant(row, "at"),
        row.getLong("permit"));
  }

  private void keep(String scope, Locked locked, @Nullable Instant blockedUntil) {
    jdbc.sql(
            """
            UPDATE read_quota SET windows = ?, touched_at = now(),
              blocked_until = greatest(blocked_until, ?::timestamptz),
              reason = CASE WHEN ?::timestamptz IS NULL THEN reason
                ELSE 'the platform wants to be left alone' END
            WHERE scope = ?
            """)
        .param(locked.window().snapshot())
        .param(time(blockedUntil))
        .param(time(blockedUntil))
        .param(scope)
        .update();
  }

  private static @Nullable OffsetDateTime time(@Nullable Instant at) {
    return at == null ? null : at.atOffset(ZoneOffset.UTC);
  }

  /** Forgets what no window reaches back to any more; how many rows. */
  public int purge(Duration reach) {
    return StoreAway.told(
        () ->
            jdbc.sql(
                    """
                    DELETE FROM read_quota WHERE touched_at < now() - ? * interval '1 second'
                      AND (blocked_until IS NULL OR blocked_until < now())
                    """)
                .param(reach.toSeconds())
                .update());
  }

  private <T> T inTransaction(Supplier<T> work) {
    return StoreAway.told(() -> Objects.requireNonNull(transaction.execute(_ -> work.get())));
  }
}
