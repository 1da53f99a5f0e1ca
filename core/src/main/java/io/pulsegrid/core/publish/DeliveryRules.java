package io.pulsegrid.core.publish;

import io.pulsegrid.core.publish.Publisher.Probe;
import io.pulsegrid.core.publish.Step.Budget;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * The rules by which a delivery moves on. Pure: the same standing, event and instant give the same
 * step, but for the jitter of {@link RetryPolicy}.
 *
 * <p>What they hold: a post is sent again only when it surely was not created, or when the platform
 * refuses a second one under our key, or when it denied the first and the process that sent it is
 * proven dead, or when a person says so. The guard that a step is taken once, by whoever holds the
 * delivery's fence, is the ledger's.
 */
public final class DeliveryRules {
  // Between the last look at the clock and the platform's own check of our key.
  private static final Duration KEY_MARGIN = Duration.ofMinutes(2);

  private final RetryPolicy retries;
  private final ProbePolicy probes;

  public DeliveryRules(RetryPolicy retries, ProbePolicy probes) {
    this.retries = retries;
    this.probes = probes;
  }

  /**
   * What follows from an event.
   *
   * @throws IllegalStateException if the event cannot happen to a delivery that stands so
   */
  public Step next(Standing standing, DeliveryEvent event, Instant now) {
    return switch (event) {
      case DeliveryEvent.Called(Outcome outcome) -> called(standing, outcome, now);
      case DeliveryEvent.TokenRenewed _ -> {
        require(standing, event, DeliveryState.ARMED);
        yield back(standing, "its channel's token is renewed; it goes out again with the new one");
      }
      case DeliveryEvent.NotCalled(String why) -> {
        require(standing, event, DeliveryState.ARMED);
        yield back(standing, "nothing was sent (" + why + "); goes out when it is armed again");
      }
      case DeliveryEvent.LeaseExpired _ -> {
        require(standing, event, DeliveryState.ARMED);
        // No pause: the lease outlived every call that could have been made under it.
        yield doubted(
            standing,
            now,
            "nobody said how the call ended; the platform is asked before any retry");
      }
      case DeliveryEvent.KeyLapsed _ -> {
        require(standing, event, DeliveryState.SCHEDULED, DeliveryState.RETRY);
        yield lapsed(standing, now);
      }
      case DeliveryEvent.Probed probed -> {
        require(standing, event, DeliveryState.UNCONFIRMED);
        yield probed(standing, probed, now);
      }
      case DeliveryEvent.TooLate _ -> {
        require(standing, event, DeliveryState.SCHEDULED, DeliveryState.RETRY);
        yield standing.doubt() == null
            ? ended(standing, DeliveryState.MISSED, Budget.KEEP, "too late to be worth sending")
            : wait(standing, now, "too late to be sent again, but an earlier call may arrive");
      }
      case DeliveryEvent.Cancelled _ -> {
        require(
            standing,
            event,
            DeliveryState.DRAFT,
            DeliveryState.AWAITING_APPROVAL,
            DeliveryState.SCHEDULED,
            DeliveryState.RETRY,
            DeliveryState.UNCONFIRMED,
            DeliveryState.FAILED);
        // Nothing of a draft was sent, and what failed was asked about until nothing was in doubt.
        boolean mayBeThere =
            standing.doubt() != null
                && switch (standing.state()) {
                  case SCHEDULED, RETRY, UNCONFIRMED -> true;
                  default -> false;
                };
        yield mayBeThere
            ? withdrawn(standing, now)
            : ended(standing, DeliveryState.CANCELLED, Budget.KEEP, "cancelled by a person");
      }
      case DeliveryEvent.Confirmed(boolean published) -> {
        require(standing, event, DeliveryState.UNCONFIRMED);
        yield published
            ? ended(standing, DeliveryState.PUBLISHED, Budget.KEEP, "confirmed by a person")
            : absent(standing, now);
      }
      case DeliveryEvent.Redriven _ -> {
        require(standing, event, DeliveryState.FAILED);
        yield new Step(
            DeliveryState.SCHEDULED, now, Budget.RENEW, standing.doubt(), "redriven by a person");
      }
    };
  }

  /** Cancelled, but a call may have arrived: asked about for as long as any other doubt. */
  private Step withdrawn(Standing standing, Instant now) {
    @Nullable Doubt doubt = standing.doubt();
    Instant since = doubt == null ? now : doubt.since();
    return new Step(
        DeliveryState.UNCONFIRMED,
        standing.dueAt(),
        Budget.KEEP,
        new Doubt(since, null, 0, probes.next(now, 0, now), true),
        "cancelled by a person, but an earlier call may be there; the platform is asked");
  }

  private static Step absent(Standing standing, Instant now) {
    return isWithdrawn(standing)
        ? ended(
            standing,
            DeliveryState.CANCELLED,
            Budget.KEEP,
            "a person says that it is not there; it was cancelled")
        : new Step(
            DeliveryState.RETRY,
            latest(now, quiet(standing)),
            Budget.RENEW,
            null,
            "a person says that it is not there; it is sent again");
  }

  private static boolean isWithdrawn(Standing standing) {
    @Nullable Doubt doubt = standing.doubt();
    return doubt != null && doubt.withdrawn();
  }

  private Step called(Standing standing, Outcome outcome, Instant now) {
    if (outcome instanceof Outcome.Accepted accepted) {
      // Whatever we thought meanwhile: the platform has spoken.
      String reason = "published as " + accepted.remoteId();
      return ended(standing, DeliveryState.PUBLISHED, Budget.SPEND, reason);
    }
    require(standing, new DeliveryEvent.Called(outcome), DeliveryState.ARMED);
    return switch (outcome) {
      case Outcome.Accepted _ -> throw new IllegalStateException("handled above");
      case Outcome.Rejected _ ->
          failed(
              standing,
              Budget.SPEND,
              now,
              "the platform refuses it, trying again would not help; a person may redrive it");
      case Outcome.Throttled throttled ->
          back(
              standing,
              "held back by the platform's limit until "
                  + seconds(throttled.until())
                  + "; costs no attempt");
      case Outcome.Unauthorized _ ->
          back(standing, "the channel is paused until its credentials are renewed");
      case Outcome.Transient _ -> transientFailure(standing, now);
      case Outcome.Ambiguous _ ->
          doubted(standing, now, "it may be there all the same; the platform is asked first");
    };
  }

  private Step transientFailure(Standing standing, Instant now) {
    int spent = standing.attempts() + 1;
    if (retries.spent(spent)) {
      String reason = "nothing was created in " + spent + " tries; a person may redrive it";
      return failed(standing, Budget.SPEND, now, reason);
    }
    Instant due = now.plus(retries.pauseAfter(spent));
    String reason =
        "surely nothing was created; try "
            + (spent + 1)
            + " of "
            + retries.budget()
            + " at "
            + seconds(due);
    return new Step(DeliveryState.RETRY, due, Budget.SPEND, standing.doubt(), reason);
  }

  /**
   * Over, unless an earlier call is still in doubt: a refusal of the second says nothing of the
   * first, which the platform is asked for until it answers or a person does.
   */
  private Step failed(Standing standing, Budget budget, Instant now, String reason) {
    @Nullable Doubt doubt = standing.doubt();
    return doubt == null
        ? ended(standing, DeliveryState.FAILED, budget, reason)
        : new Step(
            DeliveryState.UNCONFIRMED,
            standing.dueAt(),
            budget,
            new Doubt(doubt.since(), null, 0, probes.next(now, 0, now)),
            "nothing came of this call, but an earlier one may be there; the platform is asked");
  }

  private Step doubted(Standing standing, Instant now, String reason) {
    @Nullable Doubt before = standing.doubt();
    @Nullable Instant armedAt = armedAt(standing);
    Instant since = before != null ? before.since() : armedAt != null ? armedAt : now;
    // A doubt that was sent again and is doubtful once more is asked about afresh.
    Doubt doubt = new Doubt(since, null, 0, probes.next(now, 0, now));
    return new Step(DeliveryState.UNCONFIRMED, standing.dueAt(), Budget.SPEND, doubt, reason);
  }

  private Step lapsed(Standing standing, Instant now) {
    @Nullable Doubt doubt = standing.doubt();
    if (doubt == null) {
      throw new IllegalStateException("no key can lapse without a doubt");
    }
    return new Step(
        DeliveryState.UNCONFIRMED,
        standing.dueAt(),
        Budget.KEEP,
        new Doubt(doubt.since(), null, 0, now),
        "the platform no longer remembers our key; it is asked again before anything is sent");
  }

  private Step probed(Standing standing, DeliveryEvent.Probed probed, Instant now) {
    return switch (probed.answer()) {
      case Probe.Found found ->
          ended(
              standing,
              DeliveryState.PUBLISHED,
              Budget.KEEP,
              "the platform has it as " + found.remoteId());
      case Probe.NotFound notFound -> denied(standing, notFound.keyEnforcedUntil(), probed, now);
      case Probe.Unknown _ -> wait(standing, now, "the platform gave no usable answer");
    };
  }

  private Step denied(
      Standing standing,
      @Nullable Instant keyEnforcedUntil,
      DeliveryEvent.Probed probed,
      Instant now) {
    @Nullable Doubt doubt = standing.doubt();
    if (now.isBefore(quiet(standing))) {
      // A call can still be under way: what is not there now may be there in a moment.
      return wait(standing, now, "it is not there yet, and its call may still be running");
    }
    // The dead armer answers for its own call alone: an older one under doubt may have a live
    // sender.
    boolean allSendersDead =
        probed.armerProvenDead() && doubt != null && doubt.since().equals(armedAt(standing));
    if (allSendersDead && isWithdrawn(standing)) {
      String reason = "it is not there and its sender is dead; it was cancelled";
      return ended(standing, DeliveryState.CANCELLED, Budget.KEEP, reason);
    }
    if (allSendersDead) {
      return again(standing, now, null, "it is not there and its sender is dead");
    }
    if (keyEnforcedUntil != null && doubt != null && !doubt.withdrawn()) {
      Instant until = keyEnforcedUntil.minus(KEY_MARGIN);
      Doubt resent = new Doubt(doubt.since(), until, doubt.probes() + 1, null);
      if (resent.resendable(now, probed.callTime())) {
        return again(
            standing,
            now,
            resent,
            "it is not there, and the platform refuses a second one under our key");
      }
    }
    return wait(standing, now, "it is not there, but the first call may still arrive");
  }

  private Step again(Standing standing, Instant due, @Nullable Doubt doubt, String finding) {
    if (retries.spent(standing.attempts())) {
      String reason = finding + "; " + standing.attempts() + " tries are spent";
      return doubt == null
          ? ended(standing, DeliveryState.FAILED, Budget.KEEP, reason)
          : wait(standing, due, reason);
    }
    return new Step(DeliveryState.RETRY, due, Budget.KEEP, doubt, finding + "; it is sent again");
  }

  private Step wait(Standing standing, Instant now, String finding) {
    @Nullable Doubt doubt = standing.doubt();
    Instant since = doubt == null ? now : doubt.since();
    int asked = (doubt == null ? 0 : doubt.probes()) + 1;
    @Nullable Instant next = probes.next(since, asked, now);
    String reason =
        finding + (next == null ? "; a person has to decide" : "; asked again at " + seconds(next));
    return new Step(
        DeliveryState.UNCONFIRMED,
        standing.dueAt(),
        Budget.KEEP,
        new Doubt(since, null, asked, next, isWithdrawn(standing)),
        reason);
  }

  /** Back in the queue as if it had never been armed; an older doubt stays with it. */
  private static Step back(Standing standing, String reason) {
    return new Step(
        DeliveryState.SCHEDULED, standing.dueAt(), Budget.KEEP, standing.doubt(), reason);
  }

  private static Step ended(Standing standing, DeliveryState state, Budget budget, String reason) {
    return new Step(state, standing.dueAt(), budget, null, reason);
  }

  private static Instant quiet(Standing standing) {
    Standing.@Nullable Arm arm = standing.arm();
    return arm == null ? Instant.MIN : arm.leaseUntil();
  }

  private static @Nullable Instant armedAt(Standing standing) {
    Standing.@Nullable Arm arm = standing.arm();
    return arm == null ? null : arm.at();
  }

  private static Instant latest(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  private static Instant seconds(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS);
  }

  private static void require(Standing standing, DeliveryEvent event, DeliveryState... states) {
    for (DeliveryState state : states) {
      if (state == standing.state()) {
        return;
      }
    }
    throw new IllegalStateException(
        event.getClass().getSimpleName()
            + " cannot happen to a delivery that is "
            + standing.state());
  }
}
