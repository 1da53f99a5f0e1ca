package io.pulsegrid.node.publish;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.limit.Allowance;
import io.pulsegrid.core.publish.Channel;
import io.pulsegrid.core.publish.Outcome;
import io.pulsegrid.core.publish.Publisher;
import io.pulsegrid.core.time.Clocks;
import io.pulsegrid.core.time.Deadline;
import io.pulsegrid.node.access.ChannelSecrets;
import io.pulsegrid.node.limits.Permits;
import io.pulsegrid.node.limits.Permits.Ended;
import io.pulsegrid.node.limits.Permits.Permit;
import io.pulsegrid.node.limits.Permits.Use;
import io.pulsegrid.node.publish.Breakers.Leave;
import io.pulsegrid.node.store.ledger.Charge;
import io.pulsegrid.node.store.ledger.Sendable;
import io.pulsegrid.node.store.ledger.Settlement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the one call that an arm allows. A crash anywhere in here leaves the delivery ARMED: its
 * lease runs out and the platform is asked before anybody sends it again.
 */
final class Caller {
  private static final Logger log = LoggerFactory.getLogger(Caller.class);

  private final Means means;
  private final OpenedCredentials opened;
  private final Map<String, Publisher> publishers;
  private final Renewals renewals;
  private final Decisions decisions;
  private final Settler settler;
  private final Endings endings;
  private final Breakers breakers = new Breakers();
  private final ThrottlePauses pauses = new ThrottlePauses();

  /**
   * What calls are made with.
   *
   * @param calls runs each call on a thread that may wait
   */
  record Means(ChannelSecrets secrets, Permits permits, Executor calls, Clocks clocks) {}

  /**
   * An armed delivery with all that its call takes up.
   *
   * @param host whose slot it takes
   */
  record Errand(Sendable sendable, Permit permit, String host, Leave leave, Deadline deadline) {}

  Caller(
      Means means,
      Map<String, Publisher> publishers,
      Renewals renewals,
      Decisions decisions,
      Settler settler,
      Endings endings) {
    this.means = means;
    this.opened = new OpenedCredentials(means.secrets());
    this.publishers = publishers;
    this.renewals = renewals;
    this.decisions = decisions;
    this.settler = settler;
    this.endings = endings;
  }

  /** Leave to call on a channel, asked for before anything is armed on it. */
  List<Leave> leave(String channel, int wanted) {
    return breakers.ask(channel, wanted);
  }

  Breakers breakers() {
    return breakers;
  }

  /** Whether a channel's host fails and is left alone. */
  boolean hostFailing(String channel) {
    return breakers.failing(channel);
  }

  /** Calls on a thread of its own; the slot, taken before, is given back after the call ended. */
  void send(Errand errand) {
    means
        .calls()
        .execute(
            () -> {
              Ended ended = ended(errand.permit(), Use.UNKNOWN, null);
              try {
                ended = call(errand);
              } catch (RuntimeException e) {
                // Only this call ends: its delivery keeps its lease, then its platform is asked.
                log.error(
                    "Delivery {} is left to the sweep",
                    errand.sendable().charge().delivery().id(),
                    e);
              } finally {
                endings.add(ended, errand.host());
              }
            });
  }

  /** Gives an arm back: surely nothing was sent. */
  private Ended giveBack(Errand errand, String why) {
    Charge charge = errand.sendable().charge();
    settler.add(charge, decisions.notCalled(charge, why));
    return ended(errand.permit(), Use.FREE, null);
  }

  private Ended call(Errand errand) {
    Sendable sendable = errand.sendable();
    Charge charge = sendable.charge();
    CircuitBreaker breaker =
        breakers
            .enter(charge.delivery().channel(), sendable.channel(), errand.leave())
            .orElse(null);
    if (breaker == null) {
      return giveBack(errand, "its host is failing and left alone");
    }
    Instant startedAt = decisions.now();
    long startedNanos = means.clocks().monotonicNanos().getAsLong();
    if (errand.deadline().hasPassed()) {
      breaker.releasePermission();
      return giveBack(errand, "its time was over before the call");
    }
    Publisher.Answer answer = publish(errand);
    // From here on the post may be there, and only this process knows.
    Outcome outcome = answer.outcome();
    Duration took = Duration.ofNanos(means.clocks().monotonicNanos().getAsLong() - startedNanos);
    Breakers.tell(breaker, outcome, took);
    try {
      if (outcome instanceof Outcome.Throttled throttled) {
        // Before it waits again, or it would be armed again at once.
        hold(errand.permit(), throttled, startedAt);
      } else if (outcome instanceof Outcome.Accepted) {
        pauses.over(Permits.scopeOf(errand.permit().channelId()));
        pauses.over(Permits.appScopeOf(errand.permit().platform()));
      }
    } finally {
      settler.add(sendable, settlement(sendable, outcome, startedAt));
    }
    return ended(errand.permit(), use(outcome), answer.allowance());
  }

  /**
   * A refused token is renewed first, if it can be: within the lease, which it takes no part of.
   */
  private Settlement settlement(Sendable sendable, Outcome outcome, Instant startedAt) {
    Charge charge = sendable.charge();
    if (!(outcome instanceof Outcome.Unauthorized refusal)) {
      return decisions.called(charge, outcome, startedAt);
    }
    return switch (renewals.refused(sendable, refusal)) {
      case Renewals.Verdict.Renewed _ -> decisions.expired(charge, refusal, startedAt);
      case Renewals.Verdict.NotNow(String detail) ->
          decisions.called(charge, new Outcome.Transient(refusal.httpStatus(), detail), startedAt);
      case Renewals.Verdict.Over(String detail) ->
          decisions.called(
              charge, new Outcome.Unauthorized(refusal.httpStatus(), detail), startedAt);
    };
  }

  private void hold(Permit permit, Outcome.Throttled throttled, Instant startedAt) {
    String scope = Permits.scopeOf(throttled, permit.channelId(), permit.platform());
    Instant least = pauses.throttled(scope, startedAt, decisions.now());
    Instant until = throttled.until().isAfter(least) ? throttled.until() : least;
    means.permits().throttled(scope, until, throttled.detail());
  }

  private Publisher.Answer publish(Errand errand) {
    Sendable sendable = errand.sendable();
    Publisher publisher = publishers.get(sendable.charge().platform());
    if (publisher == null) {
      return new Publisher.Answer(
          new Outcome.Rejected(0, "nothing can be published on this platform"), null);
    }
    Channel.Credentials credentials;
    try {
      credentials = opened.of(sendable);
    } catch (PulsegridException e) {
      return new Publisher.Answer(
          new Outcome.Unauthorized(0, String.valueOf(e.getMessage())), null);
    }
    try {
      return publisher.publish(call(sendable, credentials, errand.deadline()));
    } catch (RuntimeException e) {
      log.error("The connector of {} broke its promise never to throw", publisher.platform(), e);
      return new Publisher.Answer(new Outcome.Ambiguous(0, e.toString()), null);
    }
  }

  static Channel.Credentials credentials(ChannelSecrets secrets, Sendable sendable) {
    return secrets.open(sendable.charge().delivery().channel(), sendable.credentials().bytes());
  }

  static Publisher.Call call(
      Sendable sendable, Channel.Credentials credentials, Deadline deadline) {
    return new Publisher.Call(
        sendable.channel(),
        credentials,
        sendable.text(),
        sendable.idempotencyKey(),
        deadline,
        sendable.charge().delivery().result().remoteId());
  }

  private Ended ended(Permit permit, Use use, @Nullable Allowance allowance) {
    return new Ended(permit, use, decisions.now(), allowance);
  }

  private static Use use(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Transient _, Outcome.Throttled _ -> Use.FREE;
      // The platform may count it still.
      case Outcome.Ambiguous _ -> Use.UNKNOWN;
      case Outcome.Accepted _, Outcome.Rejected _, Outcome.Unauthorized _ -> Use.COUNTED;
    };
  }
}
