package io.pulsegrid.node.store.limits;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toUnmodifiableList;

import io.pulsegrid.core.limit.WindowRule;
import io.pulsegrid.node.limits.LimitRules;
import io.pulsegrid.node.store.StoreAway;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The windows that people set, over the tables {@code limit_rule} and {@code limit_version}. */
public final class StoredCustomRules implements LimitRules.CustomRules {
  private final JdbcClient jdbc;

  private record Row(String scope, String action, WindowRule rule) {}

  public StoredCustomRules(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  @Override
  public long version() {
    return StoreAway.told(
        () -> jdbc.sql("SELECT version FROM limit_version").query(Long.class).single());
  }

  @Override
  public void changed() {
    change("SELECT", Map.of());
  }

  @Override
  public Map<String, Map<String, List<WindowRule>>> all() {
    List<Row> rows =
        StoreAway.told(
            () ->
                jdbc.sql(
                        """
                        SELECT scope, action, window_seconds, most FROM limit_rule
                        ORDER BY scope, action, window_seconds
                        """)
                    .query(
                        (row, _) ->
                            new Row(
                                row.getString("scope"),
                                row.getString("action"),
                                new WindowRule(
                                    row.getInt("most"),
                                    Duration.ofSeconds(row.getLong("window_seconds")))))
                    .list());
    return rows.stream()
        .collect(
            groupingBy(
                Row::scope, groupingBy(Row::action, mapping(Row::rule, toUnmodifiableList()))));
  }

  @Override
  public void set(String scope, String action, WindowRule rule) {
    change(
        """
        INSERT INTO limit_rule (scope, action, window_seconds, most)
          VALUES (:scope, :action, :window, :most)
          ON CONFLICT (scope, action, window_seconds)
            DO UPDATE SET most = excluded.most, changed_at = now()
          RETURNING 1
        """,
        Map.of(
            "scope",
            scope,
            "action",
            action,
            "window",
            rule.window().toSeconds(),
            "most",
            rule.limit()));
  }

  @Override
  public void remove(String scope, @Nullable String action, @Nullable Duration window) {
    Map<String, @Nullable Object> given = new HashMap<>();
    given.put("scope", scope);
    given.put("action", action);
    given.put("window", window == null ? null : window.toSeconds());
    change(
        """
        DELETE FROM limit_rule
          WHERE scope = :scope AND action = coalesce(:action::text, action)
            AND window_seconds = coalesce(:window::bigint, window_seconds)
          RETURNING 1
        """,
        given);
  }

  /** With the version in one statement: whoever sees the new one sees what changed. */
  private void change(String statement, Map<String, ? extends @Nullable Object> given) {
    int _ =
        StoreAway.told(
            () ->
                jdbc.sql(
                        "WITH change AS ("
                            + statement
                            + ") UPDATE limit_version SET version = version + 1")
                    .params(given)
                    .update());
  }
}
