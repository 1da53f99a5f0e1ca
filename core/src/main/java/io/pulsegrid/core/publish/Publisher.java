package io.pulsegrid.core.publish;

import io.pulsegrid.core.failure.FieldError;
import io.pulsegrid.core.limit.Allowance;
import io.pulsegrid.core.time.Deadline;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How posts are put on one platform. Keeps nothing but sessions, which may be lost at any moment;
 * safe for use by many threads; blocks while it waits.
 */
public interface Publisher {
  /** The platform, as a channel names it. */
  String platform();

  /** What is wrong with a channel of this platform; empty when it can be used. No call is made. */
  List<FieldError> check(Channel.Spec spec, Channel.Credentials credentials);

  /**
   * What the platform counts of a text, its length first. The same that {@link #check(Channel.Spec,
   * String)} goes by. No call is made.
   */
  List<Measure> measure(Channel.Spec spec, String text);

  /**
   * What the platform's rules say against a text; empty when it would be taken. No call is made.
   */
  List<FieldError> check(Channel.Spec spec, String text);

  /**
   * One try to publish. Never throws for what the network or the platform does: every end is an
   * {@link Outcome}, and what cannot be known is {@link Outcome.Ambiguous}.
   */
  Answer publish(Call call);

  /**
   * Asks the platform whether an earlier call of this delivery took effect. Creates nothing.
   *
   * @param firstCallAt the earliest call whose end is unknown; nothing older, in the platform's own
   *     time, can be ours
   * @param claimed ids on the platform that belong to other deliveries
   */
  Probe probe(Call call, Instant firstCallAt, Set<String> claimed);

  /**
   * Whether a probe may take a post of the one text for a post of the other, because the platform
   * shows nothing of it in which they differ. Equal texts are no confusion. No call is made.
   */
  default boolean confuses(String text, String other) {
    return !text.equals(other);
  }

  /**
   * Asks the platform whose account these credentials open. Creates nothing; never throws for what
   * the network or the platform does.
   *
   * @param credentials some that {@link #check} takes
   */
  Identity identify(Channel.Spec spec, Channel.Credentials credentials, Deadline deadline);

  /**
   * How this platform's tokens are renewed where a new one has to be kept; empty where they do not
   * end, or the connector renews what it keeps in memory by itself.
   */
  default Optional<TokenRenewal> renewal() {
    return Optional.empty();
  }

  /**
   * Everything one call needs.
   *
   * @param idempotencyKey fixed for the delivery's whole life
   * @param deadline checked before the first byte is sent; no answer is waited for after it
   * @param remoteId of an earlier answer; null if none was seen
   */
  record Call(
      Channel.Spec channel,
      Channel.Credentials credentials,
      String text,
      String idempotencyKey,
      Deadline deadline,
      @Nullable String remoteId) {}

  /**
   * How a call ended.
   *
   * @param allowance what the platform said of its limit on the way; null if it said nothing
   */
  record Answer(Outcome outcome, @Nullable Allowance allowance) {}

  /** Whose account some credentials open. */
  sealed interface Identity {
    /**
     * That of one account.
     *
     * @param account the same for whatever credentials open it, and no other's on the platform
     */
    record Known(String account) implements Identity {}

    /**
     * That of one account, as they say themselves: nobody has proven it.
     *
     * @param account the same for whatever credentials name it
     */
    record Claimed(String account) implements Identity {}

    /** Nobody's: the platform has no accounts. */
    record None() implements Identity {}

    /** Nobody's: the platform refuses them. */
    record Refused(String detail) implements Identity {}

    /** The platform gave no usable answer, which says nothing of the account. */
    record Unknown(String detail) implements Identity {}
  }

  /** What a probe found. */
  sealed interface Probe {
    /** It is there. */
    record Found(String remoteId, @Nullable String remoteUrl) implements Probe {}

    /**
     * It is not there.
     *
     * @param keyEnforcedUntil until when the platform refuses a second post under our key, so that
     *     sending again is safe even if the first arrives late; null if it does not
     */
    record NotFound(@Nullable Instant keyEnforcedUntil) implements Probe {}

    /**
     * The platform gave no usable answer.
     *
     * @param throttled that it was asked too often; null for any other reason
     */
    record Unknown(String detail, Outcome.@Nullable Throttled throttled) implements Probe {
      public Unknown(String detail) {
        this(detail, null);
      }
    }
  }
}
