package io.pulsegrid.node.publish;

import io.pulsegrid.core.publish.DeliveryEvent;
import io.pulsegrid.core.publish.DeliveryRules;
import io.pulsegrid.core.publish.Outcome;
import io.pulsegrid.core.publish.Publisher.Probe;
import io.pulsegrid.core.publish.Step;
import io.pulsegrid.core.time.IdSource;
import io.pulsegrid.node.store.ledger.Charge;
import io.pulsegrid.node.store.ledger.Settlement;
import io.pulsegrid.node.store.ledger.Settlement.Entry;
import io.pulsegrid.node.store.ledger.Settlement.Kind;
import io.pulsegrid.node.store.ledger.Settlement.Remote;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Where events become settlements: the rules' step, and the line in the delivery's story that tells
 * of it.
 *
 * @param node this process, as the story names it
 */
record Decisions(DeliveryRules rules, InstantSource clock, IdSource ids, String node) {

  Instant now() {
    return clock.instant();
  }

  String newId() {
    return ids.next();
  }

  /** A call that ended. */
  Settlement called(Charge charge, Outcome outcome, Instant startedAt) {
    Instant now = now();
    Step step = rules.next(charge.standing(), new DeliveryEvent.Called(outcome), now);
    Kind kind =
        switch (outcome) {
          case Outcome.Accepted _ -> Kind.ACCEPTED;
          case Outcome.Rejected _ -> Kind.REJECTED;
          case Outcome.Throttled _ -> Kind.THROTTLED;
          case Outcome.Unauthorized _ -> Kind.UNAUTHORIZED;
          case Outcome.Transient _ -> Kind.TRANSIENT;
          case Outcome.Ambiguous _ -> Kind.AMBIGUOUS;
        };
    Remote remote =
        outcome instanceof Outcome.Accepted accepted
            ? new Remote(accepted.remoteId(), accepted.remoteUrl())
            : null;
    Entry entry =
        new Entry(newId(), startedAt, now, node, kind, outcome.httpStatus(), outcome.detail());
    String error = remote == null ? outcome.detail() : null;
    return settlement(charge, step, remote, error, entry);
  }

  /** The platform refused the token, which is another by the next call. */
  Settlement expired(Charge charge, Outcome.Unauthorized refusal, Instant startedAt) {
    Instant now = now();
    Step step = rules.next(charge.standing(), new DeliveryEvent.TokenRenewed(refusal), now);
    Entry entry =
        new Entry(
            newId(), startedAt, now, node, Kind.EXPIRED, refusal.httpStatus(), refusal.detail());
    return settlement(charge, step, null, refusal.detail(), entry);
  }

  /** It was armed and surely not sent. */
  Settlement notCalled(Charge charge, String why) {
    return happened(charge, new DeliveryEvent.NotCalled(why), Kind.UNCALLED, why, why);
  }

  /** The ledger's own clock moved it on. */
  Settlement swept(Charge charge, DeliveryEvent event, String detail) {
    return happened(charge, event, Kind.SWEPT, detail, detail);
  }

  /** The platform was asked, since then. */
  Settlement probed(Charge charge, DeliveryEvent.Probed probed, Instant startedAt) {
    Instant now = now();
    Probe answer = probed.answer();
    Step step = rules.next(charge.standing(), probed, now);
    Remote remote =
        answer instanceof Probe.Found found
            ? new Remote(found.remoteId(), found.remoteUrl())
            : null;
    String detail =
        switch (answer) {
          case Probe.Found found -> "found as " + found.remoteId();
          case Probe.NotFound _ ->
              "not there" + (probed.armerProvenDead() ? "; its sender is dead" : "");
          case Probe.Unknown unknown -> unknown.detail();
        };
    Entry entry = new Entry(newId(), startedAt, now, node, Kind.PROBED, 0, detail);
    String error = remote == null ? charge.delivery().result().lastError() : null;
    return settlement(charge, step, remote, error, entry);
  }

  /** A person's wish. */
  Settlement person(Charge charge, DeliveryEvent event, String detail) {
    Kind kind = event instanceof DeliveryEvent.Cancelled ? Kind.CANCELLED : Kind.REDRIVEN;
    return happened(charge, event, kind, detail, charge.delivery().result().lastError());
  }

  /** A person's word on a delivery in doubt. */
  Settlement confirmed(Charge charge, boolean published, @Nullable String remoteId) {
    Instant now = now();
    Step step = rules.next(charge.standing(), new DeliveryEvent.Confirmed(published), now);
    String detail = published ? "a person says that it is there" : "a person says that it is not";
    Entry entry = new Entry(newId(), now, now, node, Kind.CONFIRMED, 0, detail);
    Remote remote = published && remoteId != null ? new Remote(remoteId, null) : null;
    return settlement(charge, step, remote, null, entry);
  }

  private Settlement happened(
      Charge charge, DeliveryEvent event, Kind kind, String detail, @Nullable String lastError) {
    Instant now = now();
    Step step = rules.next(charge.standing(), event, now);
    return settlement(
        charge, step, null, lastError, new Entry(newId(), now, now, node, kind, 0, detail));
  }

  private static Settlement settlement(
      Charge charge, Step step, @Nullable Remote remote, @Nullable String lastError, Entry entry) {
    return new Settlement(
        charge.delivery().id(), charge.delivery().fence(), step, remote, lastError, entry);
  }
}
