package io.pulsegrid.node.store.ledger;

import io.pulsegrid.core.publish.Why;
import io.pulsegrid.node.store.StoreAway;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.springframework.jdbc.core.JdbcOperations;

/**
 * What people turn while everything runs: pauses of everything, a platform or a channel, and how
 * many calls a platform takes at once.
 */
public final class SwitchStore {
  private final JdbcOperations jdbc;

  SwitchStore(JdbcOperations jdbc) {
    this.jdbc = jdbc;
  }

  /** Nothing is armed by any statement that starts after this returned, until switched back. */
  public void pauseAll(boolean paused) {
    int switches =
        StoreAway.told(
            () -> jdbc.update("UPDATE queue_switch SET paused = ?, changed_at = now()", paused));
    if (switches != 1) {
      throw new IllegalStateException("queue_switch must have one row, had " + switches);
    }
  }

  /** The same for one platform. */
  public void pausePlatform(String platform, boolean paused) {
    String change =
        paused
            ? "INSERT INTO platform_pause (platform) VALUES (?) ON CONFLICT DO NOTHING"
            : "DELETE FROM platform_pause WHERE platform = ?";
    int _ = StoreAway.told(() -> jdbc.update(change, platform));
  }

  /** The platforms that are paused, by name. */
  public List<String> pausedPlatforms() {
    return StoreAway.told(
        () ->
            jdbc.queryForList(
                "SELECT platform FROM platform_pause ORDER BY platform", String.class));
  }

  /** What is switched off on the way of a channel's deliveries. */
  public Why.Pauses pauses(String channel, String platform) {
    return StoreAway.told(
        () ->
            Objects.requireNonNull(
                jdbc.queryForObject(
                    """
                    SELECT EXISTS (SELECT FROM queue_switch WHERE paused) AS everything,
                      EXISTS (SELECT FROM platform_pause WHERE platform = ?) AS platform,
                      EXISTS (SELECT FROM channel WHERE id = ? AND paused) AS channel,
                      (SELECT renewing_until FROM channel WHERE id = ?) AS renewing
                    """,
                    (row, _) ->
                        new Why.Pauses(
                            row.getBoolean("everything"),
                            row.getBoolean("platform"),
                            row.getBoolean("channel"),
                            Rows.instantOrNull(row, "renewing")),
                    platform,
                    channel,
                    channel)));
  }

  /** How many calls at once, where a person said so, by platform. */
  public Map<String, Integer> concurrency() {
    return StoreAway.told(() -> counts("SELECT platform, concurrency AS n FROM platform_workers"));
  }

  public void changeConcurrency(String platform, int concurrency) {
    int _ =
        StoreAway.told(
            () ->
                jdbc.update(
                    """
                    INSERT INTO platform_workers (platform, concurrency) VALUES (?, ?)
                    ON CONFLICT (platform)
                      DO UPDATE SET concurrency = excluded.concurrency, changed_at = now()
                    """,
                    platform,
                    concurrency));
  }

  public void forgetConcurrency(String platform) {
    int _ =
        StoreAway.told(
            () -> jdbc.update("DELETE FROM platform_workers WHERE platform = ?", platform));
  }

  /** How many deliveries are armed, by platform. */
  public Map<String, Integer> running() {
    return StoreAway.told(
        () ->
            counts(
                "SELECT platform, count(*) AS n FROM delivery WHERE state = 'ARMED' GROUP BY platform"));
  }

  private Map<String, Integer> counts(String sql) {
    Map<String, Integer> counts = new HashMap<>();
    jdbc.query(
        sql,
        row -> {
          counts.put(row.getString("platform"), row.getInt("n"));
        });
    return counts;
  }
}
