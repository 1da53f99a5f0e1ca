package io.pulsegrid.core.publish;

import java.util.EnumSet;
import java.util.Set;

/**
 * Where a delivery stands.
 *
 * <pre>
 * DRAFT, AWAITING_APPROVAL -> SCHEDULED | CANCELLED
 * SCHEDULED   -> ARMED | MISSED | CANCELLED | UNCONFIRMED (an old doubt that may not be re-sent)
 * ARMED       -> PUBLISHED | RETRY | SCHEDULED (throttled) | UNCONFIRMED | FAILED
 * RETRY       -> ARMED | FAILED | MISSED | CANCELLED | UNCONFIRMED (likewise)
 * UNCONFIRMED -> PUBLISHED | RETRY | FAILED | CANCELLED (a person had cancelled it)
 * FAILED      -> SCHEDULED (redriven by a person) | CANCELLED (put away by a person)
 * </pre>
 *
 * An Accepted outcome settles PUBLISHED from any state: the platform has spoken.
 */
public enum DeliveryState {
  DRAFT,
  AWAITING_APPROVAL,
  SCHEDULED,
  ARMED,
  RETRY,
  UNCONFIRMED,
  PUBLISHED,
  FAILED,
  CANCELLED,
  MISSED;

  /** The states that a delivery in this state may enter next. */
  public Set<DeliveryState> next() {
    return switch (this) {
      case DRAFT, AWAITING_APPROVAL -> EnumSet.of(SCHEDULED, CANCELLED);
      case SCHEDULED -> EnumSet.of(ARMED, MISSED, CANCELLED, UNCONFIRMED);
      case ARMED -> EnumSet.of(PUBLISHED, RETRY, SCHEDULED, UNCONFIRMED, FAILED);
      case RETRY -> EnumSet.of(ARMED, FAILED, MISSED, CANCELLED, UNCONFIRMED);
      case UNCONFIRMED -> EnumSet.of(PUBLISHED, RETRY, FAILED, CANCELLED);
      case FAILED -> EnumSet.of(SCHEDULED, CANCELLED);
      case PUBLISHED, CANCELLED, MISSED -> EnumSet.noneOf(DeliveryState.class);
    };
  }

  /** Whether nothing more happens by itself. */
  public boolean ended() {
    return this == PUBLISHED || this == FAILED || this == CANCELLED || this == MISSED;
  }

  /** Whether a person may still change or cancel it: nothing was or is being sent. */
  public boolean editable() {
    return this == DRAFT || this == AWAITING_APPROVAL || this == SCHEDULED;
  }
}
