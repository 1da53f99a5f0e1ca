package io.pulsegrid.node.store.ledger;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.publish.Channel;
import io.pulsegrid.core.publish.Delivery;
import io.pulsegrid.core.publish.DeliveryState;
import io.pulsegrid.core.publish.Doubt;
import io.pulsegrid.core.publish.Standing;
import java.net.URI;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How rows of the ledger become values of the domain. */
final class Rows {
  /** Everything {@link #delivery}, {@link #standing} and {@link #charge} read, of table d. */
  static final String DELIVERY =
      """
      d.id, d.workspace, d.scheduled_post, d.channel, d.platform, d.state, d.due_at, d.attempts, \
      coalesce(d.asked_at, d.due_at) AS asked_at, \
      d.fence, d.armed_at, d.lease_until, d.armed_by, d.idempotency_key, d.doubt_since, \
      d.resend_until, d.priority, d.probes, d.next_probe_at, d.withdrawn, \
      d.remote_id, d.remote_url, d.last_error\
      """;

  /** What a call needs beside the delivery, of tables s and c. */
  static final String CALL =
      """
      coalesce(s.variants ->> d.platform, s.text) AS text, \
      c.handle, c.base_url, c.zone AS channel_zone, c.credentials\
      """;

  private Rows() {}

  static Delivery delivery(ResultSet row) throws SQLException {
    return new Delivery(
        row.getString("id"),
        new WorkspaceId(row.getString("workspace")),
        row.getString("scheduled_post"),
        row.getString("channel"),
        DeliveryState.valueOf(row.getString("state")),
        instant(row, "asked_at"),
        instant(row, "due_at"),
        row.getInt("attempts"),
        new Delivery.Result(
            row.getString("remote_id"), row.getString("remote_url"), row.getString("last_error")),
        row.getLong("fence"));
  }

  static Standing standing(ResultSet row) throws SQLException {
    @Nullable Instant armedAt = instantOrNull(row, "armed_at");
    @Nullable Instant leaseUntil = instantOrNull(row, "lease_until");
    @Nullable Instant doubtSince = instantOrNull(row, "doubt_since");
    return new Standing(
        DeliveryState.valueOf(row.getString("state")),
        instant(row, "due_at"),
        row.getInt("attempts"),
        armedAt == null || leaseUntil == null ? null : new Standing.Arm(armedAt, leaseUntil),
        doubtSince == null
            ? null
            : new Doubt(
                doubtSince,
                instantOrNull(row, "resend_until"),
                row.getInt("probes"),
                instantOrNull(row, "next_probe_at"),
                row.getBoolean("withdrawn")));
  }

  static Charge charge(ResultSet row) throws SQLException {
    return new Charge(
        delivery(row),
        row.getString("platform"),
        row.getInt("priority"),
        row.getString("armed_by"),
        standing(row));
  }

  static Sendable sendable(ResultSet row) throws SQLException {
    return new Sendable(
        charge(row),
        row.getString("text"),
        row.getString("idempotency_key"),
        new Channel.Spec(
            row.getString("platform"),
            row.getString("handle"),
            URI.create(row.getString("base_url")),
            ZoneId.of(row.getString("channel_zone")),
            List.of()),
        new SealedCredentials(row.getBytes("credentials")));
  }

  static Instant instant(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }

  static @Nullable Instant instantOrNull(ResultSet row, String column) throws SQLException {
    @Nullable OffsetDateTime value = row.getObject(column, OffsetDateTime.class);
    return value == null ? null : value.toInstant();
  }
}
