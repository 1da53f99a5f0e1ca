package io.pulsegrid.api.pages;

import io.pulsegrid.core.publish.Delivery;
import java.time.Instant;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A delivery on a page. */
record DeliveryCard(
    String id,
    String text,
    String channel,
    String state,
    Moment due,
    @Nullable Moment nextTry,
    int attempts,
    @Nullable String remoteId,
    @Nullable String remoteLink,
    @Nullable String lastError) {

  static DeliveryCard of(
      Delivery delivery, String text, String channel, Function<Instant, Moment> clock) {
    return new DeliveryCard(
        delivery.id(),
        text,
        channel,
        delivery.state().name().toLowerCase(Locale.ROOT).replace('_', ' '),
        clock.apply(delivery.askedAt()),
        delivery.nextTryAt().map(clock).orElse(null),
        delivery.attempts(),
        delivery.result().remoteId(),
        Wording.link(delivery.result().remoteUrl()),
        delivery.result().lastError());
  }
}
