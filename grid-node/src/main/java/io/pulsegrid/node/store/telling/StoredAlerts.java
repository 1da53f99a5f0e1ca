package io.pulsegrid.node.store.telling;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.page.Cursor;
import io.pulsegrid.core.page.Page;
import io.pulsegrid.core.page.PageRequest;
import io.pulsegrid.core.telling.Alert;
import io.pulsegrid.core.telling.Alerts;
import io.pulsegrid.node.store.AgeCursor;
import io.pulsegrid.node.store.StoreAway;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The alerts over the table {@code alert}, which its triggers fill. */
public final class StoredAlerts implements Alerts {
  private final JdbcClient jdbc;

  public StoredAlerts(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  @Override
  public Page<Alert> list(WorkspaceId workspace, Filter filter, PageRequest page) {
    StringBuilder sql = new StringBuilder("SELECT * FROM alert WHERE workspace = ?");
    List<Object> arguments = new ArrayList<>(List.of(workspace.value()));
    if (!filter.kinds().isEmpty()) {
      sql.append(" AND kind = ANY (?)");
      arguments.add(filter.kinds().stream().map(Enum::name).toArray(String[]::new));
    }
    Instant since = filter.since();
    if (since != null) {
      sql.append(" AND at >= ?");
      arguments.add(since.atOffset(ZoneOffset.UTC));
    }
    if (filter.openOnly()) {
      sql.append(" AND over_at IS NULL");
    }
    String cursor = page.cursor();
    if (cursor != null) {
      List<String> keys = Cursor.decode(cursor, 2);
      sql.append(" AND (at, id) < (?, ?)");
      arguments.add(Cursor.instant(keys.getFirst()).atOffset(ZoneOffset.UTC));
      arguments.add(keys.getLast());
    }
    sql.append(" ORDER BY at DESC, id DESC LIMIT ?");
    arguments.add(page.limit() + 1);
    List<Alert> found =
        StoreAway.told(
            () -> jdbc.sql(sql.toString()).params(arguments).query((row, _) -> alert(row)).list());
    return Page.cut(found, page.limit(), one -> Cursor.encode(one.at(), one.id()));
  }

  @Override
  public Page<Alert> after(
      WorkspaceId workspace, String subscription, String id, PageRequest page) {
    String cursor = page.cursor();
    List<String> keys = cursor == null ? List.of() : Cursor.decode(cursor, 2);
    List<Alert> found =
        StoreAway.told(
            () ->
                jdbc.sql(
                        """
                        SELECT * FROM alert
                        WHERE workspace = :workspace AND subscription = :subscription AND id <> :id
                          AND (at, id) > (coalesce(:at::timestamptz,
                            (SELECT at FROM alert WHERE id = :id AND workspace = :workspace)
                              - make_interval(secs => :overlap), '-infinity'), :last)
                        ORDER BY at, id LIMIT :limit
                        """)
                    .param("workspace", workspace.value())
                    .param("subscription", subscription)
                    .param("id", id)
                    .param(
                        "at",
                        keys.isEmpty()
                            ? null
                            : Cursor.instant(keys.getFirst()).atOffset(ZoneOffset.UTC),
                        Types.TIMESTAMP_WITH_TIMEZONE)
                    .param("last", keys.isEmpty() ? "" : keys.getLast())
                    .param("overlap", SEEN_WITHIN.toSeconds())
                    .param("limit", page.limit() + 1)
                    .query((row, _) -> alert(row))
                    .list());
    return Page.cut(found, page.limit(), one -> Cursor.encode(one.at(), one.id()));
  }

  /** What all subscriptions were told since so long ago, the earliest first. */
  public List<Alert> emergedWithin(Duration age) {
    return StoreAway.told(
        () ->
            jdbc.sql(
                    """
                    SELECT * FROM alert WHERE subscription IS NOT NULL
                      AND at > now() - make_interval(secs => ?)
                    ORDER BY at, id
                    """)
                .param(age.toSeconds())
                .query((row, _) -> alert(row))
                .list());
  }

  /** Forgets up to {@code limit} alerts that are older than {@code age}; how many. */
  public int forget(Duration age, int limit) {
    return StoreAway.told(
        () ->
            jdbc.sql(
                    """
                    DELETE FROM alert WHERE id IN (
                      SELECT id FROM alert WHERE at < now() - make_interval(secs => ?)
                      ORDER BY at LIMIT ?)
                    """)
                .params(age.toSeconds(), limit)
                .update());
  }

  private static Alert alert(ResultSet row) throws SQLException {
    @Nullable OffsetDateTime over = row.getObject("over_at", OffsetDateTime.class);
    return new Alert(
        row.getString("id"),
        new WorkspaceId(row.getString("workspace")),
        Alert.Kind.valueOf(row.getString("kind")),
        AgeCursor.instant(row, "at"),
        new Alert.Concerns(
            row.getString("delivery"),
            row.getString("scheduled_post"),
            row.getString("channel"),
            row.getString("webhook"),
            row.getString("subscription"),
            row.getString("trend")),
        row.getString("subject"),
        row.getString("reason"),
        over == null ? null : over.toInstant());
  }
}
