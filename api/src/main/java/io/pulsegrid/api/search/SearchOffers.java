package io.pulsegrid.api.search;

import io.pulsegrid.api.access.RateFilter;
import io.pulsegrid.api.call.Offer;
import io.pulsegrid.api.call.Offers;
import io.pulsegrid.api.web.Paging;
import jakarta.validation.constraints.NotNull;
import java.util.List;
import org.springframework.stereotype.Component;

/** Search and embeddings for programs. */
@Component
final class SearchOffers implements Offers {
  private final SearchController controller;

  SearchOffers(SearchController controller) {
    this.controller = controller;
  }

  record Asked(@NotNull SearchParameters query, @NotNull Paging page) {}

  @Override
  public List<Offer<?>> offers() {
    return List.of(
        Offer.reading(
                "search",
                Asked.class,
                (caller, asked) -> controller.search(caller, asked.query(), asked.page()))
            .costing(asked -> RateFilter.costOfSearch(asked.page().request().limit())),
        Offer.reading("embed", SearchController.Texts.class, (_, texts) -> controller.embed(texts))
            .costing(_ -> RateFilter.EMBEDDINGS));
  }
}
