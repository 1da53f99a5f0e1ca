package io.pulsegrid.core.publish;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A call of which nobody knows whether it took effect. It stays with the delivery until the
 * platform or a person has answered, however often the post is sent again under its key in between.
 *
 * @param since the first arm whose end is unknown
 * @param resendUntil until when the platform refuses a second post under our key; null when sending
 *     again is not allowed
 * @param probes how often the platform was asked since the doubt arose or was last sent again
 * @param nextProbeAt null once only a person can decide
 * @param withdrawn whether a person no longer wants it: it is asked about, and never sent again
 */
public record Doubt(
    Instant since,
    @Nullable Instant resendUntil,
    int probes,
    @Nullable Instant nextProbeAt,
    boolean withdrawn) {

  /** A doubt about what is still wanted. */
  public Doubt(
      Instant since, @Nullable Instant resendUntil, int probes, @Nullable Instant nextProbeAt) {
    this(since, resendUntil, probes, nextProbeAt, false);
  }

  /**
   * Whether it may be sent again at {@code now}: a call would be over while the platform still
   * refuses a second post. The arm goes by it, what waits for an arm is asked about again once it
   * no longer holds, and nothing is sent back to wait where it does not.
   */
  public boolean resendable(Instant now, Duration callTime) {
    return resendUntil != null && resendUntil.isAfter(now.plus(callTime));
  }
}
