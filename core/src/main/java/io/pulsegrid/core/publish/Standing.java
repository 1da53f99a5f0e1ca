package io.pulsegrid.core.publish;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What {@link DeliveryRules} know of a delivery when they decide its next step.
 *
 * @param attempts how much of the budget is spent
 * @param arm the latest arm; null if it was never armed
 * @param doubt null while nothing unanswered was sent
 */
public record Standing(
    DeliveryState state, Instant dueAt, int attempts, @Nullable Arm arm, @Nullable Doubt doubt) {

  /**
   * A licence to make one call.
   *
   * @param leaseUntil after this no call made under it can still be running
   */
  public record Arm(Instant at, Instant leaseUntil) {}
}
