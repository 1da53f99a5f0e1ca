package io.pulsegrid.core.publish;

import java.time.Duration;

/** Something that happens to a delivery after it was scheduled and moves it on. */
public sealed interface DeliveryEvent {
  /** The call was made and came to this. */
  record Called(Outcome outcome) implements DeliveryEvent {}

  /** The platform refused the token, which is or will be another by the next call. */
  record TokenRenewed(Outcome.Unauthorized outcome) implements DeliveryEvent {}

  /** It was armed, but surely not one byte was sent. */
  record NotCalled(String why) implements DeliveryEvent {}

  /** Its lease ran out and nobody settled it: the armer may have died before or after the call. */
  record LeaseExpired() implements DeliveryEvent {}

  /** It waited to be sent again until the platform no longer remembers its key. */
  record KeyLapsed() implements DeliveryEvent {}

  /**
   * The platform was asked.
   *
   * @param armerProvenDead whether the process that held the latest arm is known to be gone
   * @param callTime how long another call would take at the most
   */
  record Probed(Publisher.Probe answer, boolean armerProvenDead, Duration callTime)
      implements DeliveryEvent {}

  /** It is too late to be worth sending. */
  record TooLate() implements DeliveryEvent {}

  /** A person no longer wants it. */
  record Cancelled() implements DeliveryEvent {}

  /** A person looked: it is there, or it is not. */
  record Confirmed(boolean published) implements DeliveryEvent {}

  /** A person sends a dead letter round again. */
  record Redriven() implements DeliveryEvent {}
}
