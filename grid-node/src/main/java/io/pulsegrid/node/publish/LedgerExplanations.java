package io.pulsegrid.node.publish;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.failure.FailureCode;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.limit.Limits;
import io.pulsegrid.core.limit.RateLimit;
import io.pulsegrid.core.publish.Delivery;
import io.pulsegrid.core.publish.DeliveryState;
import io.pulsegrid.core.publish.Explanations;
import io.pulsegrid.core.publish.Why;
import io.pulsegrid.node.publish.CatchUp.Spread;
import io.pulsegrid.node.store.ledger.Charge;
import io.pulsegrid.node.store.ledger.Ledger;
import io.pulsegrid.node.store.ledger.SweepStore.Place;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads what holds a delivery: the ledger's own row, the switches, the grid's limits, and whether
 * this node leaves its host alone or spreads what its channel sends; what other nodes do is not
 * asked.
 */
final class LedgerExplanations implements Explanations {
  private final Ledger ledger;
  private final Limits limits;
  private final Gate gate;
  private final Predicate<String> hostFailing;
  private final CatchUp catchUp;
  private final InstantSource clock;

  /**
   * @param gate of this node
   * @param hostFailing by channel
   */
  LedgerExplanations(
      Ledger ledger,
      Limits limits,
      Gate gate,
      Predicate<String> hostFailing,
      CatchUp catchUp,
      InstantSource clock) {
    this.ledger = ledger;
    this.limits = limits;
    this.gate = gate;
    this.hostFailing = hostFailing;
    this.catchUp = catchUp;
    this.clock = clock;
  }

  @Override
  public Optional<Why> why(WorkspaceId workspace, String deliveryId) {
    return ledger
        .deliveries()
        .findCharge(workspace, deliveryId)
        .map(found -> why(workspace, found));
  }

  private Why why(WorkspaceId workspace, Charge charge) {
    String channel = charge.delivery().channel();
    return Why.of(
        new Why.Circumstances(
            charge.delivery(),
            charge.platform(),
            charge.standing(),
            ledger.switches().pauses(channel, charge.platform()),
            charge.delivery().state().ended() ? List.of() : limits(workspace, channel),
            new Why.ThisNode(!gate.open(), hostFailing.test(channel), caughtUp(charge.delivery()))),
        clock.instant());
  }

  private Why.@Nullable CaughtUp caughtUp(Delivery delivery) {
    Spread spread = catchUp.spread(delivery.channel(), clock.instant()).orElse(null);
    boolean waits =
        delivery.state() == DeliveryState.SCHEDULED || delivery.state() == DeliveryState.RETRY;
    if (spread == null || !waits || !delivery.wantedAt().isBefore(spread.wantedBefore())) {
      return null;
    }
    Place place = ledger.sweeps().place(delivery.id(), spread.wantedBefore());
    Instant turn = spread.next().plus(spread.every().multipliedBy(place.before()));
    return new Why.CaughtUp(place.all(), spread.every(), turn);
  }

  private List<RateLimit> limits(WorkspaceId workspace, String channel) {
    try {
      return limits.of(workspace, channel);
    } catch (PulsegridException e) {
      if (e.code() == FailureCode.NOT_FOUND) {
        // Its channel was deleted after the delivery had ended in our eyes.
        return List.of();
      }
      throw e;
    }
  }
}
