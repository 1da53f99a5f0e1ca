package io.pulsegrid.node.publish;

import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.publish.Delivery;
import io.pulsegrid.core.publish.DeliveryEvent;
import io.pulsegrid.core.publish.Doubt;
import io.pulsegrid.core.publish.Publisher;
import io.pulsegrid.core.publish.Publisher.Probe;
import io.pulsegrid.core.time.Deadline;
import io.pulsegrid.node.store.ledger.Charge;
import io.pulsegrid.node.store.ledger.Ledger;
import io.pulsegrid.node.store.ledger.Sendable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks platforms about deliveries in doubt. It creates nothing: a crash in here leaves the question
 * to whoever sweeps next.
 */
final class Prober {
  private static final Logger log = LoggerFactory.getLogger(Prober.class);
  private static final int AT_ONCE = 16;

  /** Several questions, which end well before anybody else is given the delivery. */
  private static final int TIMEOUTS_A_PROBE = 2;

  private static final Duration EVERY = Duration.ofSeconds(1);
  private static final Duration LONGEST_HOLD = Duration.ofSeconds(60);

  private final Ledger ledger;
  private final Caller.Means means;
  private final Map<String, Publisher> publishers;
  private final Settler settler;
  private final CallSlots slots;
  private final Given given;

  /**
   * @param self the process that asks, which may know that another is dead
   */
  record Given(Gate gate, Decisions decisions, ProcessName self) {}

  Prober(
      Ledger ledger,
      Caller.Means means,
      Map<String, Publisher> publishers,
      Settler settler,
      CallSlots slots,
      Given given) {
    this.ledger = ledger;
    this.means = means;
    this.publishers = publishers;
    this.settler = settler;
    this.slots = slots;
    this.given = given;
  }

  Duration turn() {
    if (!given.gate().open()) {
      return EVERY;
    }
    try {
      Duration hold = LONGEST_HOLD.plus(slots.longestTimeout());
      List<CompletableFuture<Void>> asking = new ArrayList<>();
      for (Sendable sendable : ledger.sweeps().toProbe(hold, AT_ONCE)) {
        asking.add(CompletableFuture.runAsync(() -> probe(sendable), means.calls()));
      }
      asking.forEach(CompletableFuture::join);
      return asking.size() == AT_ONCE ? Duration.ZERO : EVERY;
    } catch (PulsegridException e) {
      given.gate().storeFailed(e);
    } catch (CompletionException e) {
      log.warn("A question about a delivery failed; it is asked again", e);
    }
    return EVERY;
  }

  private void probe(Sendable sendable) {
    Charge charge = sendable.charge();
    Doubt doubt = charge.standing().doubt();
    if (doubt == null) {
      return;
    }
    Instant startedAt = given.decisions().now();
    Probe answer = ask(sendable, doubt.since());
    String armedBy = charge.armedBy();
    boolean dead = armedBy != null && given.self().provesDead(armedBy);
    DeliveryEvent.Probed probed =
        new DeliveryEvent.Probed(answer, dead, slots.timeout(charge.platform()));
    settler.add(charge, given.decisions().probed(charge, probed, startedAt));
  }

  private Probe ask(Sendable sendable, Instant firstCallAt) {
    Charge charge = sendable.charge();
    Publisher publisher = publishers.get(charge.platform());
    if (publisher == null) {
      return new Probe.Unknown("nothing can be asked on this platform");
    }
    Set<String> claimed = ledger.sweeps().claimedOn(charge.delivery().channel(), firstCallAt);
    Probe answer;
    try {
      answer =
          publisher.probe(
              Caller.call(
                  sendable,
                  Caller.credentials(means.secrets(), sendable),
                  Deadline.after(
                      slots.timeout(charge.platform()).multipliedBy(TIMEOUTS_A_PROBE),
                      means.clocks())),
              firstCallAt,
              claimed);
    } catch (RuntimeException e) {
      // Sealed with another key, or a connector's own fault: it says nothing about the post.
      return new Probe.Unknown(e.toString());
    }
    return answer instanceof Probe.Found found && mayBeAnother(publisher, sendable, firstCallAt)
        ? new Probe.Unknown(
            found.remoteId() + " may as well be another post of this channel that is in doubt")
        : answer;
  }

  /**
   * Whether what was found may be the post of another delivery, which would be sent a second time
   * then, and this one never. Asked after the platform: whoever posted before its answer is seen.
   */
  private boolean mayBeAnother(Publisher publisher, Sendable sendable, Instant firstCallAt) {
    Delivery delivery = sendable.charge().delivery();
    return ledger
        .sweeps()
        .unidentifiedOn(delivery.channel(), delivery.id(), firstCallAt)
        .stream()
        .anyMatch(other -> publisher.confuses(sendable.text(), other));
  }
}
