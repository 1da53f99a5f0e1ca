package io.pulsegrid.node.publish;

import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.publish.Channel;
import io.pulsegrid.core.publish.Outcome;
import io.pulsegrid.core.publish.Publisher;
import io.pulsegrid.core.publish.Standing;
import io.pulsegrid.core.publish.TokenRenewal;
import io.pulsegrid.core.publish.TokenRenewal.Renewal;
import io.pulsegrid.core.time.Clocks;
import io.pulsegrid.core.time.Deadline;
import io.pulsegrid.node.access.ChannelSecrets;
import io.pulsegrid.node.store.ledger.RenewalStore;
import io.pulsegrid.node.store.ledger.SealedCredentials;
import io.pulsegrid.node.store.ledger.Sendable;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renews channels' tokens: in time where their end is known, once when one is refused. New ones are
 * in the store before anything is sent with them, and wait in memory where it is away. A crash
 * between the platform's answer and the store's loses them: where the platform takes the old
 * refresh token no more, a person has to sign in anew.
 */
final class Renewals {
  private static final Logger log = LoggerFactory.getLogger(Renewals.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(15);
  private static final Duration LEASE = TIMEOUT.plusSeconds(15);
  private static final Duration TO_SETTLE = Duration.ofSeconds(2);
  private static final Duration EVERY = Duration.ofSeconds(5);
  private static final Duration AFTER_A_FAILURE = Duration.ofMinutes(10);
  private static final int A_TURN = 16;

  private final RenewalStore store;
  private final ChannelSecrets secrets;
  private final Map<String, Publisher> publishers;
  private final InstantSource clock;
  private final Clocks clocks;
  private final Queue<Fresh> unkept = new ConcurrentLinkedQueue<>();

  /** A new token on its way to the store: nobody else has it. */
  private record Fresh(
      RenewalStore.Due due, SealedCredentials sealed, boolean refused, @Nullable Instant nextAt) {}

  /** What is to be thought of a token that a platform refused. */
  sealed interface Verdict {
    /** There is another one, or will be in a moment. */
    record Renewed() implements Verdict {}

    /** It could not be renewed just now, for no fault of the account. */
    record NotNow(String detail) implements Verdict {}

    /** It is over. */
    record Over(String detail) implements Verdict {}
  }

  Renewals(
      RenewalStore store,
      ChannelSecrets secrets,
      Map<String, Publisher> publishers,
      InstantSource clock,
      Clocks clocks) {
    this.store = store;
    this.secrets = secrets;
    this.publishers = publishers;
    this.clock = clock;
    this.clocks = clocks;
  }

  /** What follows from a call's refusal; may wait for the platform, within the call's lease. */
  Verdict refused(Sendable sendable, Outcome.Unauthorized refusal) {
    try {
      Channel.Credentials credentials = Caller.credentials(secrets, sendable);
      return of(sendable.charge().platform(), credentials)
          .map(renewal -> refused(sendable, credentials, renewal, refusal))
          .orElseGet(() -> new Verdict.Over(refusal.detail()));
    } catch (PulsegridException e) {
      return e.code().retryable()
          ? new Verdict.NotNow(refusal.detail() + "; its token was not renewed: " + e.getMessage())
          : new Verdict.Over(refusal.detail());
    }
  }

  private Verdict refused(
      Sendable sendable,
      Channel.Credentials credentials,
      TokenRenewal renewal,
      Outcome.Unauthorized refusal) {
    Duration time = withinLease(sendable);
    if (!time.isPositive()) {
      return new Verdict.NotNow(refusal.detail() + "; no time left to renew its token");
    }
    String channel = sendable.charge().delivery().channel();
    return switch (store.claim(channel, sendable.credentials(), LEASE)) {
      case OTHERS, DONE -> new Verdict.Renewed();
      case IN_VAIN ->
          new Verdict.Over(
              refusal.detail()
                  + " (its token was renewed a moment ago, and is refused all the same)");
      case OURS -> {
        RenewalStore.Due due =
            new RenewalStore.Due(channel, sendable.channel(), sendable.credentials());
        yield switch (renew(renewal, due, credentials, true, time)) {
          case Renewal.Renewed _ -> new Verdict.Renewed();
          case Renewal.Failed(String detail) ->
              new Verdict.NotNow(refusal.detail() + "; its token was not renewed: " + detail);
          case Renewal.Refused(String detail) ->
              new Verdict.Over(refusal.detail() + "; no new token: " + detail);
        };
      }
    };
  }

  /** A lease that ran out meanwhile would put a post in doubt that surely is not there. */
  private Duration withinLease(Sendable sendable) {
    Standing.Arm arm = sendable.charge().standing().arm();
    Duration left =
        arm == null
            ? Duration.ZERO
            : Duration.between(clock.instant(), arm.leaseUntil()).minus(TO_SETTLE);
    return left.compareTo(TIMEOUT) < 0 ? left : TIMEOUT;
  }

  /** Renews what is about to end, so that no call has to fail for it. */
  Duration turn() {
    for (Fresh fresh = unkept.poll(); fresh != null; fresh = unkept.poll()) {
      keep(fresh);
    }
    // One by one: each has its lease to itself.
    for (int i = 0; i < A_TURN; i++) {
      RenewalStore.Due due = store.claimDue(LEASE).orElse(null);
      if (due == null) {
        return EVERY;
      }
      Channel.@Nullable Credentials credentials = opened(due);
      @Nullable TokenRenewal renewal =
          credentials == null ? null : of(due.spec().platform(), credentials).orElse(null);
      if (credentials == null || renewal == null) {
        store.letGo(due.channel(), due.credentials(), null);
      } else if (renew(renewal, due, credentials, false, TIMEOUT)
          instanceof Renewal.Refused(String detail)) {
        log.warn(
            "Channel {} has no new token: {}. It goes on with the one it has, as long as that is"
                + " taken.",
            due.channel(),
            detail);
      }
    }
    return Duration.ZERO;
  }

  private Channel.@Nullable Credentials opened(RenewalStore.Due due) {
    try {
      return secrets.open(due.channel(), due.credentials().bytes());
    } catch (PulsegridException unreadable) {
      // Sealed with another key: its calls will say so.
      log.debug("channel {} cannot be renewed", due.channel(), unreadable);
      return null;
    }
  }

  private Renewal renew(
      TokenRenewal renewal,
      RenewalStore.Due due,
      Channel.Credentials credentials,
      boolean refused,
      Duration time) {
    Renewal answer = renewal.renew(due.spec(), credentials, Deadline.after(time, clocks));
    switch (answer) {
      case Renewal.Renewed renewed -> {
        SealedCredentials sealed =
            new SealedCredentials(secrets.seal(due.channel(), renewed.credentials()));
        keep(new Fresh(due, sealed, refused, nextAt(renewed.life())));
      }
      case Renewal.Failed _ ->
          store.letGo(due.channel(), due.credentials(), clock.instant().plus(AFTER_A_FAILURE));
      case Renewal.Refused _ -> store.letGo(due.channel(), due.credentials(), null);
    }
    return answer;
  }

  /** Keeps a new token; while the store is away it waits for the next turn. */
  private void keep(Fresh fresh) {
    RenewalStore.Due due = fresh.due();
    try {
      if (store.keep(
          due.channel(), due.credentials(), fresh.sealed(), fresh.refused(), fresh.nextAt())) {
        log.info("Channel {} has a new token", due.channel());
      }
    } catch (PulsegridException away) {
      unkept.add(fresh);
      throw away;
    }
  }

  /** With a quarter of its life left there is time for platforms that are away. */
  private @Nullable Instant nextAt(@Nullable Duration life) {
    return life == null ? null : clock.instant().plus(life.multipliedBy(3).dividedBy(4));
  }

  private Optional<TokenRenewal> of(String platform, Channel.Credentials credentials) {
    return Optional.ofNullable(publishers.get(platform))
        .flatMap(Publisher::renewal)
        .filter(renewal -> renewal.renews(credentials));
  }
}
