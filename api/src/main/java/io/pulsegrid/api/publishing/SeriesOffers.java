package io.pulsegrid.api.publishing;

import io.pulsegrid.api.call.Offer;
import io.pulsegrid.api.call.Offers;
import io.pulsegrid.api.call.OneOf;
import io.pulsegrid.api.web.Paging;
import io.pulsegrid.api.web.Reply;
import io.pulsegrid.core.access.Caller;
import io.pulsegrid.core.publish.RecurringPosts;
import java.util.List;
import org.springframework.stereotype.Component;

/** Series for programs. */
@Component
final class SeriesOffers implements Offers {
  private final SeriesController series;
  private final BatchRows rows;
  private final RecurringPosts recurring;

  SeriesOffers(SeriesController series, BatchRows rows, RecurringPosts recurring) {
    this.series = series;
    this.rows = rows;
    this.recurring = recurring;
  }

  @Override
  public List<Offer<?>> offers() {
    return List.of(
        Offer.writing(
            "series.begin",
            ScheduledPostBody.class,
            (caller, body) -> series.begun(caller, body.plan())),
        Offer.reading(
            "series.get",
            OneOf.class,
            (caller, one) -> SeriesView.of(series.find(caller, one.id()))),
        Offer.reading("series.list", Paging.class, series::list),
        Offer.writing("series.replace", PublishingOffers.Edited.class, this::replaced),
        Offer.writing("series.end", PublishingOffers.Ended.class, this::ended));
  }

  private Reply replaced(Caller caller, PublishingOffers.Edited edited) {
    return Reply.ok(
        SeriesView.of(
            recurring.replace(
                caller.workspace(),
                edited.id(),
                rows.planOf(edited.post()),
                PublishingOffers.expected(edited.version()))));
  }

  private Reply ended(Caller caller, PublishingOffers.Ended ended) {
    recurring.end(caller.workspace(), ended.id(), PublishingOffers.expected(ended.version()));
    return Reply.done();
  }
}
