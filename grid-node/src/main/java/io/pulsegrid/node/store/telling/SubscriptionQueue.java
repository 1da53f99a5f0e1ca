package io.pulsegrid.node.store.telling;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.telling.Subscription;
import io.pulsegrid.core.trend.Trend;
import io.pulsegrid.core.trend.TrendState;
import io.pulsegrid.node.store.StoreAway;
import io.pulsegrid.node.store.posts.TrendJson;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Trends that rise and were not yet compared with the subscriptions of their workspace. The
 * clustering writer puts them here with its checkpoint, so that none is forgotten whichever node
 * dies; what they tell is committed with taking them away, and once for each subscription and
 * trend, so that none is told twice by a writer's successor or by two nodes.
 */
public final class SubscriptionQueue {
  private final JdbcClient jdbc;
  private final TransactionOperations transactions;

  public SubscriptionQueue(JdbcClient jdbc, TransactionOperations transactions) {
    this.jdbc = jdbc;
    this.transactions = transactions;
  }

  /** A subscription and a trend that it asks for. */
  public record Match(Subscription subscription, Trend trend) {}

  /** Who decides what concerns whom. */
  @FunctionalInterface
  public interface Matching {
    /** The pairs of one workspace that match. */
    List<Match> of(List<Subscription> subscriptions, List<Trend> trends);
  }

  /** A trend that is this caller's to look at, and the place it had then. */
  private record Waiting(long place, Trend trend) {}

  /**
   * Looks at trends that no other node looks at, and tells whom they concern.
   *
   * @param limit how many trends at the most
   * @param lease how long nobody else looks at them; {@code matching} should take less
   * @return how many trends were looked at
   */
  public int look(int limit, Duration lease, Matching matching) {
    List<Waiting> waiting = claim(limit, lease);
    // No lock is held while they are compared: the clustering writer waits for nobody. A crash here
    // leaves the trends to whoever looks after the lease, a slow node finds them told.
    List<Match> matches = new ArrayList<>();
    waiting.stream()
        .map(it -> it.trend().workspace())
        .distinct()
        .forEach(
            workspace ->
                matches.addAll(
                    matching.of(
                        subscriptions(workspace),
                        waiting.stream()
                            .map(Waiting::trend)
                            .filter(it -> it.workspace().equals(workspace))
                            .toList())));
    if (!waiting.isEmpty()) {
      StoreAway.told(
          () ->
              transactions.execute(
                  _ -> {
                    tell(matches);
                    remove(waiting);
                    return matches;
                  }));
    }
    return waiting.size();
  }

  private List<Waiting> claim(int limit, Duration lease) {
    return StoreAway.told(
        () ->
            jdbc.sql(
                    """
                    UPDATE trend_emergence e
                    SET claimed_until = now() + make_interval(secs => ? / 1000.0)
                    FROM (SELECT trend FROM trend_emergence WHERE claimed_until <= now()
                      ORDER BY place LIMIT ? FOR UPDATE SKIP LOCKED) n
                    WHERE e.trend = n.trend
                    RETURNING e.place, e.workspace, e.payload
                    """)
                .params(lease.toMillis(), limit)
                .query(
                    (row, _) ->
                        new Waiting(
                            row.getLong("place"),
                            TrendJson.whole(
                                new WorkspaceId(row.getString("workspace")),
                                row.getString("payload"))))
                .list());
  }

  private List<Subscription> subscriptions(WorkspaceId workspace) {
    return StoreAway.told(
        () ->
            jdbc.sql("SELECT * FROM subscription WHERE workspace = ? ORDER BY created_at, id")
                .params(workspace.value())
                .query((row, _) -> StoredSubscriptions.subscription(row))
                .list());
  }

  /**
   * Writes an alert, which its trigger puts into the outbox, for each pair that is told for the
   * first time, under the id that the trend has now: of trends that have become one, also within
   * this batch, only once. That of one that has faded since is over at once. A subscription that
   * was removed meanwhile is told nothing.
   */
  private void tell(List<Match> matches) {
    if (matches.isEmpty()) {
      return;
    }
    int _ =
        jdbc.sql(
                """
                WITH asked AS (
                  SELECT s.id AS subscription, s.workspace, coalesce(n.trend_id, f.trend) AS trend,
                    n.alias IS NOT NULL AS merged, f.subject, f.reason,
                    f.faded OR c.state IS NOT DISTINCT FROM 'FADING' AS faded
                  FROM unnest(?, ?, ?, ?, ?) AS f (subscription, trend, subject, reason, faded)
                  JOIN subscription s ON s.id = f.subscription
                  LEFT JOIN trend_alias n ON n.alias = f.trend
                  LEFT JOIN trend c ON c.id = coalesce(n.trend_id, f.trend)
                  FOR KEY SHARE OF s
                ), found AS (
                  SELECT DISTINCT ON (subscription, trend) * FROM asked f
                  WHERE NOT EXISTS (
                    SELECT FROM subscription_told d LEFT JOIN trend_alias a ON a.alias = d.trend
                    WHERE d.subscription = f.subscription
                      AND coalesce(a.trend_id, d.trend) = f.trend)
                  ORDER BY subscription, trend, merged
                ), told AS (
                  INSERT INTO subscription_told (subscription, trend)
                  SELECT subscription, trend FROM found ON CONFLICT DO NOTHING
                  RETURNING subscription, trend, event
                )
                INSERT INTO alert (id, workspace, kind, subject, reason, subscription, trend, over_at)
                SELECT t.event, f.workspace, 'TREND_EMERGED', f.subject, f.reason, f.subscription,
                  f.trend, CASE WHEN f.faded THEN now() END
                FROM told t JOIN found f USING (subscription, trend)
                """)
            .params(
                matches.stream().map(it -> it.subscription().id()).toArray(String[]::new),
                matches.stream().map(it -> it.trend().id().value()).toArray(String[]::new),
                matches.stream().map(it -> it.trend().wording().label()).toArray(String[]::new),
                matches.stream().map(it -> standing(it.trend())).toArray(String[]::new),
                matches.stream()
                    .map(it -> it.trend().state() == TrendState.FADING)
                    .toArray(Boolean[]::new))
            .update();
  }

  private static String standing(Trend trend) {
    return "%s, %d posts on %s, score %.1f"
        .formatted(
            trend.state(),
            trend.postCount(),
            String.join(" and ", trend.platforms().keySet().stream().sorted().toList()),
            trend.score());
  }

  /** One that has risen further since stays, to be looked at again. */
  private void remove(List<Waiting> looked) {
    int _ =
        jdbc.sql(
                """
                WITH gone AS (DELETE FROM trend_emergence WHERE place = ANY (:places))
                UPDATE trend_emergence SET claimed_until = now()
                WHERE trend = ANY (:trends) AND NOT place = ANY (:places)
                """)
            .param("places", looked.stream().map(Waiting::place).toArray(Long[]::new))
            .param(
                "trends", looked.stream().map(it -> it.trend().id().value()).toArray(String[]::new))
            .update();
  }
}
