package io.pulsegrid.api.trends;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.pulsegrid.core.page.Page;
import io.pulsegrid.core.trend.Trend;
import io.pulsegrid.core.trend.TrendHistory;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A page of trends. */
record TrendListing(
    List<TrendView> items,
    @Schema(description = "the cursor of the next page; absent on the last one")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable String next,
    @Schema(description = "how at was taken, where the record does not reach as far back")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable String note) {
  TrendListing {
    items = List.copyOf(items);
  }

  static TrendListing of(Page<Trend> page) {
    return of(page, null);
  }

  static TrendListing of(TrendHistory.Past past, Instant at) {
    Instant since = past.recordedSince();
    String record = since == null ? "nothing is recorded yet" : "the record begins at " + since;
    return of(
        past.trends(),
        past.byPostTime() ? record + "; " + at + " is taken as a time of the posts" : null);
  }

  private static TrendListing of(Page<Trend> page, @Nullable String note) {
    return new TrendListing(page.items().stream().map(TrendView::of).toList(), page.next(), note);
  }
}
