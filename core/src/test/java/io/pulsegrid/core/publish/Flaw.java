package io.pulsegrid.core.publish;

import io.pulsegrid.core.publish.Step.Budget;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a ledger or its rules could do wrong, as others did. The check of {@link
 * PublishingWorld} is worth something only if it finds every one of them out.
 */
enum Flaw {
  NONE,
  /** Two nodes that read the same row both arm it. */
  ARMS_WHAT_IT_READ,
  /** What a node says of an arm that is long over is taken for the one that runs. */
  SETTLES_WITHOUT_FENCE,
  /** A row that a dead node left armed is simply sent again. */
  SENDS_AGAIN_AFTER_THE_LEASE,
  /** A timeout is a failure, and failures are tried again. */
  SENDS_AGAIN_AFTER_A_TIMEOUT,
  /** What a platform does not show yet is sent again, though its call may still run. */
  BELIEVES_WHAT_IT_DOES_NOT_SEE,
  /** A resend goes out however long ago its platform forgot the key. */
  TRUSTS_A_KEY_FOR_EVER,
  /** Every call has a key of its own. */
  A_KEY_FOR_EACH_CALL,
  /** An arm whose reply was lost is made again under another token, and both are sent. */
  ARMS_AGAIN_AFTER_A_LOST_REPLY,
  /** Rows that a dead node left armed are never looked at again. */
  FORGETS_THE_ARMED,
  /** A 429 eats the budget of tries. */
  THROTTLING_COSTS_AN_ATTEMPT,
  /** What waits to be tried again goes out at once. */
  IGNORES_THE_PAUSE;

  /** The rules, with this flaw where it is one of theirs. */
  Step next(DeliveryRules rules, Standing standing, DeliveryEvent event, Instant now) {
    Step step = rules.next(standing, event, now);
    return switch (this) {
      case SENDS_AGAIN_AFTER_THE_LEASE ->
          event instanceof DeliveryEvent.LeaseExpired ? again(step, now) : step;
      case SENDS_AGAIN_AFTER_A_TIMEOUT ->
          outcome(event) instanceof Outcome.Ambiguous ? again(step, now) : step;
      case BELIEVES_WHAT_IT_DOES_NOT_SEE ->
          event instanceof DeliveryEvent.Probed probed
                  && probed.answer() instanceof Publisher.Probe.NotFound
              ? again(step, now)
              : step;
      case THROTTLING_COSTS_AN_ATTEMPT ->
          outcome(event) instanceof Outcome.Throttled
              ? new Step(step.state(), step.dueAt(), Budget.SPEND, step.doubt(), step.reason())
              : step;
      default -> step;
    };
  }

  private static Step again(Step step, Instant now) {
    return new Step(DeliveryState.RETRY, now, step.budget(), null, "sent again");
  }

  private static @Nullable Outcome outcome(DeliveryEvent event) {
    return event instanceof DeliveryEvent.Called called ? called.outcome() : null;
  }
}
