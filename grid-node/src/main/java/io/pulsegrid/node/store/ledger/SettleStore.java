package io.pulsegrid.node.store.ledger;

import io.pulsegrid.core.publish.Delivery;
import io.pulsegrid.core.publish.DeliveryState;
import io.pulsegrid.core.publish.Doubt;
import io.pulsegrid.node.store.StoreAway;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.JdbcOperations;

/**
 * Where steps are written: state, story and outbox in one statement, so that a crash leaves all of
 * them or none. Writing the same settlements again changes nothing.
 */
public final class SettleStore {
  // "applies" is evaluated on the row as locked, not as first seen: a fence that rose meanwhile
  // wins.
  private static final String APPLIES =
      """
      ((d.fence = g.fence OR (g.kind = 'accepted' AND d.state <> 'PUBLISHED'))
        AND (g.kind = 'accepted' OR g.remote_id IS NULL OR NOT %s))\
      """
          .formatted(claimed());

  private static final String SETTLE =
      """
      WITH given AS (
        SELECT * FROM unnest(?::text[], ?::bigint[], ?::text[], ?::timestamptz[], ?::text[],
            ?::timestamptz[], ?::timestamptz[], ?::bigint[], ?::timestamptz[], ?::boolean[],
            ?::text[], ?::text[], ?::text[],
            ?::text[], ?::timestamptz[], ?::timestamptz[], ?::text[], ?::text[], ?::bigint[],
            ?::text[], ?::text[], ?::boolean[])
          AS g (id, fence, state, due_at, budget,
            doubt_since, resend_until, probes, next_probe_at, withdrawn,
            remote_id, remote_url, last_error,
            event, started_at, ended_at, node, kind, http_status,
            detail, next_step, always_told)
      ), settled AS (
        UPDATE delivery d SET
          state = CASE WHEN applies THEN g.state ELSE d.state END,
          due_at = CASE WHEN applies THEN g.due_at ELSE d.due_at END,
          asked_at = CASE WHEN applies AND g.due_at <> d.due_at
            THEN coalesce(d.asked_at, d.due_at) ELSE d.asked_at END,
          attempts = CASE WHEN NOT applies THEN d.attempts
            ELSE CASE g.budget WHEN 'SPEND' THEN d.attempts + 1 WHEN 'RENEW' THEN 0
              ELSE d.attempts END END,
          expires_at = CASE WHEN applies AND g.budget = 'RENEW'
            THEN greatest(d.expires_at, (SELECT now() + make_interval(secs => s.expires_after_seconds)
              FROM scheduled_post s WHERE s.id = d.scheduled_post))
            ELSE d.expires_at END,
          doubt_since = CASE WHEN applies THEN g.doubt_since ELSE d.doubt_since END,
          resend_until = CASE WHEN applies THEN g.resend_until ELSE d.resend_until END,
          probes = CASE WHEN applies THEN g.probes ELSE d.probes END,
          next_probe_at = CASE WHEN applies THEN g.next_probe_at ELSE d.next_probe_at END,
          withdrawn = CASE WHEN applies THEN g.withdrawn ELSE d.withdrawn END,
          -- What was cancelled gave its slot back, which may be another's by now.
          slot_at = CASE WHEN applies AND d.state = 'CANCELLED' THEN NULL ELSE d.slot_at END,
          remote_id = CASE WHEN applies AND g.remote_id IS NOT NULL AND NOT claimed
            THEN g.remote_id ELSE d.remote_id END,
          remote_url = CASE WHEN applies AND g.remote_id IS NOT NULL AND NOT claimed
            THEN g.remote_url ELSE d.remote_url END,
          last_error = CASE WHEN NOT applies THEN d.last_error
            WHEN g.remote_id IS NOT NULL AND claimed
              THEN 'the platform answered with ' || g.remote_id || ', which another delivery holds'
            ELSE g.last_error END,
          fence = CASE WHEN applies THEN d.fence + 1 ELSE d.fence END,
          last_event = CASE WHEN applies THEN g.event ELSE d.last_event END,
          changed_at = CASE WHEN applies THEN now() ELSE d.changed_at END,
          entries = d.entries + 1
        FROM given g
        WHERE d.id = g.id AND (g.always_told OR applies)
          AND NOT EXISTS (SELECT FROM attempt a WHERE a.id = g.event)
        RETURNING %s, d.entries, d.last_event, g.event, g.kind, delivery_event(d) AS payload
      ), told_story AS (
        INSERT INTO attempt (id, delivery, number, started_at, ended_at, node, fence, outcome,
          http_status, detail, next_step)
        SELECT g.event, g.id, s.entries, g.started_at, g.ended_at, g.node, g.fence, g.kind,
          g.http_status::int, g.detail,
          CASE WHEN s.last_event = g.event THEN g.next_step
            ELSE 'nothing: the delivery had moved on to ' || s.state END
        FROM given g JOIN settled s ON s.event = g.event
      ), told AS (
        INSERT INTO outbox (id, workspace, subject, payload)
        SELECT event, workspace, 'delivery', payload FROM settled
        WHERE last_event = event AND NOT (kind = 'probed' AND state = 'UNCONFIRMED')
      )
      SELECT * FROM settled WHERE last_event = event
      """
          .formatted(Rows.DELIVERY)
          .replace("applies", APPLIES)
          .replace("AND NOT claimed", "AND NOT " + claimed())
          .replace("AND claimed", "AND " + claimed());

  private final JdbcOperations jdbc;

  public SettleStore(JdbcOperations jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Writes what still applies; answers the deliveries that changed, as they now stand. A probe that
   * found what another delivery claimed meanwhile changes nothing.
   *
   * @throws io.pulsegrid.core.failure.PulsegridException {@code UNAVAILABLE} when the store did not
   *     answer: write the same again
   */
  public List<Delivery> settle(List<Settlement> settlements) {
    return StoreAway.told(() -> settleAll(settlements));
  }

  private List<Delivery> settleAll(List<Settlement> settlements) {
    // One UPDATE changes a row once: a late answer and a new one of the same delivery go in turn.
    long deliveries = settlements.stream().map(Settlement::delivery).distinct().count();
    if (deliveries < settlements.size()) {
      return oneByOne(settlements);
    }
    try {
      return write(settlements);
    } catch (DuplicateKeyException e) {
      // Two of them, or one here and one elsewhere, claim the same post of the platform: in turn,
      // the later sees the earlier's claim.
      return oneByOne(settlements);
    }
  }

  private List<Delivery> oneByOne(List<Settlement> settlements) {
    List<Delivery> changed = new ArrayList<>();
    for (Settlement settlement : settlements) {
      changed.addAll(write(List.of(settlement)));
    }
    return changed;
  }

  private List<Delivery> write(List<Settlement> settlements) {
    Columns<Settlement> columns =
        Columns.of(settlements)
            .text(Settlement::delivery)
            .number(Settlement::fence)
            .text(one -> one.step().state().name())
            .instant(one -> one.step().dueAt())
            .text(one -> one.step().budget().name())
            .instant(doubt(Doubt::since))
            .instant(doubt(Doubt::resendUntil))
            .number(SettleStore::probes)
            .instant(SettleStore::nextProbe)
            .flag(SettleStore::withdrawn)
            .text(one -> one.remote() == null ? null : one.remote().id())
            .text(one -> one.remote() == null ? null : one.remote().url())
            .text(Settlement::lastError)
            .text(one -> one.entry().event())
            .instant(one -> one.entry().startedAt())
            .instant(one -> one.entry().endedAt())
            .text(one -> one.entry().node())
            .text(one -> one.entry().kind().name().toLowerCase(Locale.ROOT))
            .number(one -> one.entry().httpStatus())
            .text(one -> one.entry().detail())
            .text(one -> one.step().reason())
            .flag(one -> one.entry().kind().alwaysTold());
    // Another node may just arm or settle some of them, in another order.
    return StoreAway.saidAgain(
        () ->
            jdbc.query(
                SETTLE, statement -> columns.bind(statement, 1), (row, _) -> Rows.delivery(row)));
  }

  private static String claimed() {
    return """
        EXISTS (SELECT FROM delivery o
          WHERE o.channel = d.channel AND o.remote_id = g.remote_id AND o.id <> d.id)\
        """;
  }

  private static Function<Settlement, @Nullable Instant> doubt(
      Function<Doubt, @Nullable Instant> part) {
    return one -> {
      Doubt doubt = one.step().doubt();
      return doubt == null ? null : part.apply(doubt);
    };
  }

  private static long probes(Settlement one) {
    Doubt doubt = one.step().doubt();
    return doubt == null ? 0 : doubt.probes();
  }

  private static boolean withdrawn(Settlement one) {
    Doubt doubt = one.step().doubt();
    return doubt != null && doubt.withdrawn();
  }

  private static @Nullable Instant nextProbe(Settlement one) {
    Doubt doubt = one.step().doubt();
    return doubt == null || one.step().state() != DeliveryState.UNCONFIRMED
        ? null
        : doubt.nextProbeAt();
  }
}
