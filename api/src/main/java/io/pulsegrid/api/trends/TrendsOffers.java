package io.pulsegrid.api.trends;

import io.pulsegrid.api.call.Offer;
import io.pulsegrid.api.call.Offers;
import io.pulsegrid.api.call.PartOf;
import io.pulsegrid.api.web.Paging;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Trends for programs. */
@Component
final class TrendsOffers implements Offers {
  private final TrendsController controller;

  TrendsOffers(TrendsController controller) {
    this.controller = controller;
  }

  record Asked(
      @Nullable String state, @Nullable Long minPosts, @Nullable String at, @NotNull Paging page) {}

  record Then(@NotBlank String id, @Nullable String at) {}

  @Override
  public List<Offer<?>> offers() {
    return List.of(
        Offer.reading(
            "trends.list",
            Asked.class,
            (caller, asked) ->
                controller.list(caller, asked.state(), asked.minPosts(), asked.at(), asked.page())),
        Offer.reading(
            "trends.get",
            Then.class,
            (caller, then) -> TrendView.of(controller.find(caller, then.id(), then.at()))),
        Offer.reading(
            "trends.posts",
            PartOf.class,
            (caller, part) -> controller.posts(caller, part.id(), part.page())));
  }
}
