package io.pulsegrid.core.publish;

import io.pulsegrid.core.time.Deadline;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How the tokens of a platform's channels are renewed, where a new token has to be kept. Keeps
 * nothing itself; safe for use by many threads; blocks while it waits.
 */
public interface TokenRenewal {
  /** Whether credentials hold what a renewal takes. No call is made. */
  boolean renews(Channel.Credentials credentials);

  /**
   * One try to have new tokens. Never throws for what the network or the platform does. What it
   * brings back may be the only credentials that are any good: keep them before they are used.
   *
   * @param credentials some that it {@link #renews}
   */
  Renewal renew(Channel.Spec channel, Channel.Credentials credentials, Deadline deadline);

  /** How a try ended. */
  sealed interface Renewal {
    /**
     * There are new ones.
     *
     * @param life how long they hold; null where the platform does not say, or they do for good
     */
    record Renewed(Channel.Credentials credentials, @Nullable Duration life) implements Renewal {}

    /** The platform gives out none for these credentials any more: a person has to. */
    record Refused(String detail) implements Renewal {}

    /** It failed in passing, which says nothing of the account. */
    record Failed(String detail) implements Renewal {}
  }
}
