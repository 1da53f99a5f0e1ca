package io.pulsegrid.node.store.ledger;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.publish.Delivery;
import io.pulsegrid.core.publish.ScheduledPost;
import io.pulsegrid.core.time.Resolved;
import io.pulsegrid.core.time.When;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A row of scheduled_post, before its deliveries are read. */
record PostRow(
    String id,
    WorkspaceId workspace,
    ScheduledPost.Draft draft,
    Resolved resolved,
    long version,
    Instant createdAt) {

  static PostRow of(ResultSet row) throws SQLException {
    Resolved resolved =
        new Resolved(
            row.getObject("wall_clock", LocalDateTime.class),
            ZoneId.of(row.getString("zone")),
            Rows.instant(row, "instant"),
            Resolved.Adjustment.valueOf(row.getString("adjustment")));
    return new PostRow(
        row.getString("id"),
        new WorkspaceId(row.getString("workspace")),
        new ScheduledPost.Draft(
            row.getString("text"),
            List.of(strings(row.getArray("channels"))),
            when(row.getString("when_kind"), resolved),
            variants(row),
            row.getInt("priority"),
            Duration.ofSeconds(row.getLong("expires_after_seconds"))),
        resolved,
        row.getLong("version"),
        Rows.instant(row, "created_at"));
  }

  ScheduledPost with(List<Delivery> deliveries) {
    return new ScheduledPost(
        id,
        workspace,
        draft,
        resolved,
        ScheduledPost.leastAdvanced(deliveries),
        deliveries,
        version,
        createdAt);
  }

  private static When when(String kind, Resolved resolved) {
    return switch (kind) {
      case "now" -> new When.Now();
      case "at" -> new When.At(resolved.instant());
      case "local" -> new When.Local(resolved.local(), resolved.zone());
      default -> throw new IllegalStateException("when_kind must be now, at or local, was " + kind);
    };
  }

  private static Map<String, String> variants(ResultSet row) throws SQLException {
    String[] platforms = strings(row.getArray("keys"));
    String[] texts = strings(row.getArray("texts"));
    Map<String, String> variants = new HashMap<>();
    for (int i = 0; i < platforms.length; i++) {
      variants.put(platforms[i], texts[i]);
    }
    return variants;
  }

  private static String[] strings(@Nullable Array array) throws SQLException {
    return array == null ? new String[0] : (String[]) array.getArray();
  }
}
