package io.pulsegrid.api.pages;

import io.pulsegrid.core.publish.Delivery;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A delivery on a page. */
record DeliveryCard(
    String id,
    String text,
    String channel,
    String state,
    Moment due,
    int attempts,
    @Nullable String remoteId,
    @Nullable String remoteLink,
    @Nullable String lastError) {

  static DeliveryCard of(Delivery delivery, String text, String channel, Moment due) {
    return new DeliveryCard(
        delivery.id(),
        text,
        channel,
        delivery.state().name().toLowerCase(Locale.ROOT).replace('_', ' '),
        due,
        delivery.attempts(),
        delivery.result().remoteId(),
        Wording.link(delivery.result().remoteUrl()),
        delivery.result().lastError());
  }
}
