package io.pulsegrid.node.store.ledger;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.page.Cursor;
import io.pulsegrid.core.page.Page;
import io.pulsegrid.core.page.PageRequest;
import io.pulsegrid.core.publish.Attempt;
import io.pulsegrid.core.publish.Delivery;
import io.pulsegrid.core.publish.DeliveryState;
import io.pulsegrid.core.publish.Publishing;
import io.pulsegrid.node.store.StoreAway;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;

/** What people ask of deliveries. */
public final class DeliveryStore {
  private final JdbcOperations jdbc;

  public DeliveryStore(JdbcOperations jdbc) {
    this.jdbc = jdbc;
  }

  public Optional<Delivery> find(WorkspaceId workspace, String id) {
    return findCharge(workspace, id).map(Charge::delivery);
  }

  /** A delivery with what the rules need; its fence guards what is decided on it. */
  public Optional<Charge> findCharge(WorkspaceId workspace, String id) {
    return StoreAway.told(
        () ->
            jdbc
                .query(
                    "SELECT %s FROM delivery d WHERE d.workspace = ? AND d.id = ?"
                        .formatted(Rows.DELIVERY),
                    (row, _) -> Rows.charge(row),
                    workspace.value(),
                    id)
                .stream()
                .findFirst());
  }

  /** The delivery of a channel that is known to be this post of its platform. */
  public Optional<String> holderOf(String channel, String remoteId) {
    return StoreAway.told(
        () ->
            jdbc
                .queryForList(
                    "SELECT id FROM delivery WHERE channel = ? AND remote_id = ?",
                    String.class,
                    channel,
                    remoteId)
                .stream()
                .findFirst());
  }

  /** The story of a delivery, from its beginning. */
  public List<Attempt> attempts(WorkspaceId workspace, String delivery) {
    return StoreAway.told(
        () ->
            jdbc.query(
                """
        SELECT a.* FROM attempt a JOIN delivery d ON d.id = a.delivery
        WHERE d.workspace = ? AND d.id = ? ORDER BY a.number
        """,
                (row, _) ->
                    new Attempt(
                        row.getInt("number"),
                        Rows.instant(row, "started_at"),
                        Rows.instant(row, "ended_at"),
                        row.getString("node"),
                        row.getLong("fence"),
                        row.getString("outcome"),
                        row.getInt("http_status"),
                        row.getString("detail"),
                        row.getString("next_step")),
                workspace.value(),
                delivery));
  }

  /**
   * Forgets up to {@code limit} attempts, older than {@code age}, of ended deliveries; how many.
   */
  public int forgetAttempts(Duration age, int limit) {
    return StoreAway.told(
        () ->
            jdbc.update(
                """
        DELETE FROM attempt WHERE id IN (
          SELECT a.id FROM attempt a JOIN delivery d ON d.id = a.delivery
          WHERE a.ended_at < now() - make_interval(secs => ?)
            AND d.state IN ('PUBLISHED', 'FAILED', 'CANCELLED', 'MISSED')
          ORDER BY a.ended_at LIMIT ?)
        """,
                age.toSeconds(),
                limit));
  }

  /** Earliest due first. */
  public Page<Delivery> list(
      WorkspaceId workspace,
      @Nullable DeliveryState state,
      @Nullable String channel,
      PageRequest page) {
    StringBuilder sql =
        new StringBuilder(
            "SELECT %s FROM delivery d WHERE d.workspace = ?".formatted(Rows.DELIVERY));
    List<Object> arguments = new ArrayList<>(List.of(workspace.value()));
    if (state != null) {
      sql.append(" AND d.state = ?");
      arguments.add(state.name());
    }
    if (channel != null) {
      sql.append(" AND d.channel = ?");
      arguments.add(channel);
    }
    if (page.cursor() != null) {
      PagePosition after = PagePosition.of(page.cursor());
      sql.append(" AND (d.due_at, d.id) > (?, ?)");
      arguments.add(after.at());
      arguments.add(after.id());
    }
    sql.append(" ORDER BY d.due_at, d.id LIMIT ?");
    arguments.add(page.limit() + 1);
    List<Delivery> found =
        StoreAway.told(
            () -> jdbc.query(sql.toString(), (row, _) -> Rows.delivery(row), arguments.toArray()));
    return Page.cut(found, page.limit(), one -> Cursor.encode(one.dueAt(), one.id()));
  }

  /** Latest due first. */
  public List<Delivery> latest(WorkspaceId workspace, DeliveryState state, int limit) {
    return StoreAway.told(
        () ->
            jdbc.query(
                """
                SELECT %s FROM delivery d WHERE d.workspace = ? AND d.state = ?
                ORDER BY d.due_at DESC, d.id DESC LIMIT ?
                """
                    .formatted(Rows.DELIVERY),
                (row, _) -> Rows.delivery(row),
                workspace.value(),
                state.name(),
                limit));
  }

  public Publishing.Counts counts(WorkspaceId workspace) {
    return StoreAway.told(
        () ->
            Objects.requireNonNull(
                jdbc.queryForObject(
                    """
            SELECT
              count(*) FILTER (WHERE state = 'SCHEDULED') AS scheduled,
              count(*) FILTER (WHERE state IN ('SCHEDULED', 'RETRY') AND due_at <= now()) AS due,
              count(*) FILTER (WHERE state = 'ARMED') AS armed,
              count(*) FILTER (WHERE state = 'RETRY') AS retry,
              count(*) FILTER (WHERE state = 'UNCONFIRMED') AS unconfirmed,
              count(*) FILTER (WHERE state = 'FAILED') AS failed,
              count(*) FILTER (WHERE state = 'MISSED') AS missed,
              count(*) FILTER (WHERE state = 'PUBLISHED') AS published,
              (SELECT paused FROM queue_switch) AS paused,
              ARRAY(SELECT platform FROM platform_pause ORDER BY platform) AS platforms,
              now() AS at
            FROM delivery WHERE workspace = ?
            """,
                    (row, _) ->
                        new Publishing.Counts(
                            row.getLong("scheduled"),
                            row.getLong("due"),
                            row.getLong("armed"),
                            row.getLong("retry"),
                            row.getLong("unconfirmed"),
                            row.getLong("failed"),
                            row.getLong("missed"),
                            row.getLong("published"),
                            row.getBoolean("paused"),
                            PostRow.strings(row, "platforms"),
                            Rows.instant(row, "at")),
                    workspace.value())));
  }

  /**
   * Those in a state, due before a time, with what the rules need; some of them.
   *
   * @param before null for any time
   */
  public List<Charge> chargesIn(
      WorkspaceId workspace, DeliveryState state, @Nullable Instant before, int limit) {
    return StoreAway.told(
        () ->
            jdbc.query(
                """
                SELECT %s FROM delivery d WHERE d.workspace = ? AND d.state = ?
                AND d.due_at < coalesce(?, 'infinity'::timestamptz) ORDER BY d.due_at LIMIT ?
                """
                    .formatted(Rows.DELIVERY),
                (row, _) -> Rows.charge(row),
                workspace.value(),
                state.name(),
                before == null ? null : before.atOffset(ZoneOffset.UTC),
                limit));
  }

  /**
   * Stops a channel whose credentials no longer open the door; its alert is written with it. One
   * that has been given others since goes on.
   *
   * @param refused those that the platform refused
   * @param reason what the platform said
   * @return whether it was running until now
   */
  public boolean pauseChannel(String channel, SealedCredentials refused, String reason) {
    return StoreAway.told(
        () ->
            jdbc.update(
                    """
                    UPDATE channel SET paused = true, pause_reason = ?, version = version + 1
                    WHERE id = ? AND NOT paused AND credentials = ?
                    """,
                    reason,
                    channel,
                    refused.bytes())
                > 0);
  }
}
