package io.pulsegrid.api.telling;

import io.pulsegrid.api.call.Offer;
import io.pulsegrid.api.call.Offers;
import io.pulsegrid.api.web.Paging;
import jakarta.validation.constraints.NotNull;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Alerts for programs. */
@Component
final class AlertsOffers implements Offers {
  private final AlertsController controller;

  AlertsOffers(AlertsController controller) {
    this.controller = controller;
  }

  record Asked(@Nullable String kind, @Nullable String since, boolean open, @NotNull Paging page) {}

  @Override
  public List<Offer<?>> offers() {
    return List.of(
        Offer.reading(
            "alerts.list",
            Asked.class,
            (caller, asked) ->
                controller.list(caller, asked.kind(), asked.since(), asked.open(), asked.page())));
  }
}
