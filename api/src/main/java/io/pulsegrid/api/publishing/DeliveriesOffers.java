package io.pulsegrid.api.publishing;

import io.pulsegrid.api.call.Named;
import io.pulsegrid.api.call.Offer;
import io.pulsegrid.api.call.Offers;
import io.pulsegrid.api.call.OneOf;
import io.pulsegrid.api.web.Paging;
import io.pulsegrid.api.web.Reply;
import io.pulsegrid.core.publish.Delivery;
import io.pulsegrid.core.publish.Publishing;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** How deliveries go, for programs, and what they may do about it. */
@Component
final class DeliveriesOffers implements Offers {
  private final DeliveriesController deliveries;
  private final QueueController queue;
  private final Publishing publishing;

  DeliveriesOffers(DeliveriesController deliveries, QueueController queue, Publishing publishing) {
    this.deliveries = deliveries;
    this.queue = queue;
    this.publishing = publishing;
  }

  record Asked(@Nullable String state, @Nullable String channel, @NotNull Paging page) {}

  record Nothing() {}

  record Decided(@NotBlank String id, @NotNull @Valid DeliveriesController.Word word)
      implements Named {}

  @Override
  public List<Offer<?>> offers() {
    return List.of(
        Offer.reading(
            "deliveries.get",
            OneOf.class,
            (caller, one) -> deliveries.history(caller, deliveries.find(caller, one.id()))),
        Offer.reading(
            "deliveries.list",
            Asked.class,
            (caller, asked) ->
                deliveries.list(caller, asked.state(), asked.channel(), asked.page())),
        Offer.reading(
            "deliveries.why", OneOf.class, (caller, one) -> deliveries.why(caller, one.id())),
        Offer.reading(
            "deliveries.engagement",
            OneOf.class,
            (caller, one) -> deliveries.engagement(caller, one.id())),
        Offer.reading("queue.get", Nothing.class, (caller, _) -> queue.get(caller)),
        Offer.writing(
            "deliveries.retry",
            OneOf.class,
            (caller, one) -> shown(publishing.retry(caller.workspace(), one.id()))),
        Offer.writing(
            "deliveries.cancel",
            OneOf.class,
            (caller, one) -> shown(publishing.cancelDelivery(caller.workspace(), one.id()))),
        Offer.writing(
            "deliveries.confirm",
            Decided.class,
            (caller, decided) ->
                shown(deliveries.confirmed(caller, decided.id(), decided.word()))));
  }

  private static Reply shown(Delivery delivery) {
    return Reply.ok(DeliveryView.of(delivery));
  }
}
