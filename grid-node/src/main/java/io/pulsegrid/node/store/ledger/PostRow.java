package io.pulsegrid.node.store.ledger;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.publish.Delivery;
import io.pulsegrid.core.publish.Occurrence;
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
    List<Resolved> resolved,
    long version,
    Instant createdAt,
    @Nullable Occurrence occurrence) {

  static PostRow of(ResultSet row) throws SQLException {
    Resolved first =
        new Resolved(
            row.getObject("wall_clock", LocalDateTime.class),
            ZoneId.of(row.getString("zone")),
            Rows.instant(row, "instant"),
            Resolved.Adjustment.valueOf(row.getString("adjustment")));
    @Nullable String each = row.getString("resolved_each");
    return new PostRow(
        row.getString("id"),
        new WorkspaceId(row.getString("workspace")),
        new ScheduledPost.Draft(
            row.getString("text"),
            strings(row, "channels"),
            when(row.getString("when_kind"), first),
            variants(row),
            row.getInt("priority"),
            Duration.ofSeconds(row.getLong("expires_after_seconds"))),
        each == null ? List.of(first) : ResolvedJson.read(each),
        row.getLong("version"),
        Rows.instant(row, "created_at"),
        occurrence(row));
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
        createdAt,
        occurrence);
  }

  private static When when(String kind, Resolved resolved) {
    return switch (kind) {
      case "now" -> new When.Now();
      case "at" -> new When.At(resolved.instant());
      case "local" -> new When.Local(resolved.local(), resolved.zone());
      case "channel-local" -> new When.ChannelLocal(resolved.local());
      case "slot" -> new When.NextSlot();
      default -> throw new IllegalStateException("when_kind is known, was " + kind);
    };
  }

  private static @Nullable Occurrence occurrence(ResultSet row) throws SQLException {
    @Nullable String series = row.getString("series");
    @Nullable LocalDateTime local = row.getObject("occurrence", LocalDateTime.class);
    return series == null || local == null ? null : new Occurrence(series, local);
  }

  /** The texts by platform, of columns keys and texts. */
  static Map<String, String> variants(ResultSet row) throws SQLException {
    String[] platforms = strings(row.getArray("keys"));
    String[] texts = strings(row.getArray("texts"));
    Map<String, String> variants = new HashMap<>();
    for (int i = 0; i < platforms.length; i++) {
      variants.put(platforms[i], texts[i]);
    }
    return variants;
  }

  static List<String> strings(ResultSet row, String column) throws SQLException {
    return List.of(strings(row.getArray(column)));
  }

  private static String[] strings(@Nullable Array array) throws SQLException {
    return array == null ? new String[0] : (String[]) array.getArray();
  }
}
