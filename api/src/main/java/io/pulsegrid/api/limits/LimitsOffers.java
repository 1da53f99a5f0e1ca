package io.pulsegrid.api.limits;

import io.pulsegrid.api.call.Offer;
import io.pulsegrid.api.call.Offers;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** How much a channel may do, for programs. */
@Component
final class LimitsOffers implements Offers {
  private final LimitsController controller;

  LimitsOffers(LimitsController controller) {
    this.controller = controller;
  }

  record Asked(@Nullable String channel) {}

  @Override
  public List<Offer<?>> offers() {
    return List.of(
        Offer.reading(
            "limits.list",
            Asked.class,
            (caller, asked) -> controller.list(caller, asked.channel())),
        Offer.writing("limits.record", LimitsController.Action.class, controller::recorded));
  }
}
