package io.pulsegrid.core.publish;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What follows from something that happened to a delivery.
 *
 * @param dueAt when it may be armed next; unchanged where nothing moves it
 * @param doubt what stays unanswered; null when nothing is
 * @param reason what happens next and why, in one sentence for a person
 */
public record Step(
    DeliveryState state, Instant dueAt, Budget budget, @Nullable Doubt doubt, String reason) {

  /** What a step does to the number of attempts. */
  public enum Budget {
    KEEP,
    SPEND,
    RENEW
  }
}
