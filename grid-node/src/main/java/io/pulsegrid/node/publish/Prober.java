package io.pulsegrid.node.publish;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.publish.Delivery;
import io.pulsegrid.core.publish.DeliveryEvent;
import io.pulsegrid.core.publish.Doubt;
import io.pulsegrid.core.publish.Outcome;
import io.pulsegrid.core.publish.Publisher;
import io.pulsegrid.core.publish.Publisher.Probe;
import io.pulsegrid.core.time.Deadline;
import io.pulsegrid.node.limits.Permits;
import io.pulsegrid.node.publish.Breakers.Leave;
import io.pulsegrid.node.store.ledger.Charge;
import io.pulsegrid.node.store.ledger.DoubtStore.Doubtful;
import io.pulsegrid.node.store.ledger.Ledger;
import io.pulsegrid.node.store.ledger.Sendable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks platforms about deliveries in doubt: each host as many questions at once as it takes calls,
 * beside those, and none that is left alone. A host that does not answer keeps no other waiting. It
 * creates nothing: a crash in here leaves the question to whoever sweeps next.
 */
final class Prober {
  private static final Logger log = LoggerFactory.getLogger(Prober.class);

  /** Several questions, which end well before anybody else is given the delivery. */
  private static final int TIMEOUTS_A_PROBE = 2;

  private static final Duration EVERY = Duration.ofSeconds(1);
  private static final Duration LONGER_HELD = Duration.ofSeconds(60);

  private final Ledger ledger;
  private final Caller.Means means;
  private final Map<String, Publisher> publishers;
  private final Settler settler;
  private final CallSlots slots;
  private final Given given;

  private final HostShares underWay = new HostShares();

  /**
   * @param self the process that asks, which may know that another is dead
   * @param breakers those of the calls
   * @param again takes the next turn soon: a question ended; must not block
   */
  record Given(
      Gate gate, Decisions decisions, ProcessName self, Breakers breakers, Runnable again) {}

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
      List<Doubtful> channels = ledger.doubts().doubtful();
      given
          .breakers()
          .learn(channels.stream().map(Doubtful::channel).toList(), ledger.arms()::addresses);
      channels.forEach(this::ask);
    } catch (PulsegridException e) {
      given.gate().storeFailed(e);
    }
    return EVERY;
  }

  /** Starts as many questions about a channel as are allowed; waits for none. */
  private void ask(Doubtful channel) {
    String platform = channel.platform();
    String host = given.breakers().host(channel.channel(), platform);
    int free = underWay.take(host, channel.count(), slots.limit(platform));
    List<Leave> leave = given.breakers().ask(channel.channel(), free);
    int started = 0;
    try {
      if (!leave.isEmpty()) {
        Duration hold = patience(platform).plus(LONGER_HELD);
        for (Sendable sendable : ledger.doubts().toProbe(channel.channel(), hold, leave.size())) {
          Leave one = leave.get(started++);
          means.calls().execute(() -> run(sendable, host, one));
        }
      }
    } finally {
      underWay.giveBack(host, free - started);
      leave.subList(started, leave.size()).forEach(Leave::giveBack);
    }
  }

  private void run(Sendable sendable, String host, Leave leave) {
    try {
      probe(sendable, leave);
    } catch (PulsegridException e) {
      given.gate().storeFailed(e);
    } catch (RuntimeException e) {
      log.warn("A question about a delivery failed; it is asked again", e);
    } finally {
      underWay.giveBack(host, 1);
      given.again().run();
    }
  }

  private void probe(Sendable sendable, Leave leave) {
    Charge charge = sendable.charge();
    Doubt doubt = charge.standing().doubt();
    CircuitBreaker breaker =
        given.breakers().enter(charge.delivery().channel(), sendable.channel(), leave).orElse(null);
    if (doubt == null || breaker == null) {
      // Its host is left alone, which was not known of this channel yet: others may ask in a while.
      return;
    }
    Instant startedAt = given.decisions().now();
    long startedNanos = means.clocks().monotonicNanos().getAsLong();
    Probe answer = new Probe.Unknown("");
    try {
      answer = ask(sendable, doubt.since());
    } finally {
      if (answer instanceof Probe.Unknown unknown) {
        hold(charge, unknown.throttled());
        // It may be the account's fault: it says nothing against the host.
        breaker.releasePermission();
      } else {
        // One that answers is well: a host on trial would else spend its trial on being asked.
        long took = means.clocks().monotonicNanos().getAsLong() - startedNanos;
        breaker.onSuccess(took, TimeUnit.NANOSECONDS);
      }
    }
    String armedBy = charge.armedBy();
    boolean dead = armedBy != null && given.self().provesDead(armedBy);
    DeliveryEvent.Probed probed =
        new DeliveryEvent.Probed(answer, dead, slots.timeout(charge.platform()));
    settler.add(charge, given.decisions().probed(charge, probed, startedAt));
  }

  /** Who may not ask may not post either: before anything else is armed there. */
  private void hold(Charge charge, Outcome.@Nullable Throttled throttled) {
    if (throttled != null) {
      String scope = Permits.scopeOf(throttled, charge.delivery().channel(), charge.platform());
      means.permits().throttled(scope, throttled.until(), throttled.detail());
    }
  }

  private Probe ask(Sendable sendable, Instant firstCallAt) {
    Charge charge = sendable.charge();
    Publisher publisher = publishers.get(charge.platform());
    if (publisher == null) {
      return new Probe.Unknown("nothing can be asked on this platform");
    }
    Set<String> claimed = ledger.doubts().claimedOn(charge.delivery().channel(), firstCallAt);
    Probe answer;
    try {
      answer =
          publisher.probe(
              Caller.call(
                  sendable,
                  Caller.credentials(means.secrets(), sendable),
                  Deadline.after(patience(charge.platform()), means.clocks())),
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
    return ledger.doubts().unidentifiedOn(delivery.channel(), delivery.id(), firstCallAt).stream()
        .anyMatch(other -> publisher.confuses(sendable.text(), other));
  }

  private Duration patience(String platform) {
    return slots.timeout(platform).multipliedBy(TIMEOUTS_A_PROBE);
  }
}
