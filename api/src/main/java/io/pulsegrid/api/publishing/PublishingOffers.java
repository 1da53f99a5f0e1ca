package io.pulsegrid.api.publishing;

import io.pulsegrid.api.call.Offer;
import io.pulsegrid.api.call.Offers;
import io.pulsegrid.api.call.OneOf;
import io.pulsegrid.api.web.Paging;
import io.pulsegrid.api.web.Reply;
import io.pulsegrid.core.publish.Publishing;
import jakarta.validation.constraints.NotNull;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/** Scheduling for programs, and how deliveries go. */
@Component
final class PublishingOffers implements Offers {
  private static final int LARGEST_BATCH = 32 << 20;

  private final ScheduledPostsController posts;
  private final BatchController batches;
  private final BatchRows rows;
  private final DeliveriesController deliveries;
  private final Publishing publishing;

  PublishingOffers(
      ScheduledPostsController posts,
      BatchController batches,
      BatchRows rows,
      DeliveriesController deliveries,
      Publishing publishing) {
    this.posts = posts;
    this.batches = batches;
    this.rows = rows;
    this.deliveries = deliveries;
    this.publishing = publishing;
  }

  record Batch(boolean atomic, @NotNull JsonNode posts) {}

  record Asked(@Nullable String state, @Nullable String channel, @NotNull Paging page) {}

  @Override
  public List<Offer<?>> offers() {
    return List.of(
        Offer.writing(
            "scheduledPosts.create",
            ScheduledPostBody.class,
            (caller, body) -> posts.scheduled(caller, body.draft())),
        Offer.writing(
                "scheduledPosts.batch",
                Batch.class,
                (caller, batch) ->
                    Reply.ok(batches.scheduled(caller, rows.ofJson(batch.posts()), batch.atomic())))
            .upTo(LARGEST_BATCH),
        Offer.reading(
            "scheduledPosts.get",
            OneOf.class,
            (caller, one) -> ScheduledPostView.of(posts.find(caller, one.id()))),
        Offer.writing(
            "scheduledPosts.cancel",
            OneOf.class,
            (caller, one) -> {
              publishing.cancel(caller.workspace(), one.id(), OptionalLong.empty());
              return Reply.done();
            }),
        Offer.reading(
            "deliveries.get",
            OneOf.class,
            (caller, one) -> deliveries.history(caller, deliveries.find(caller, one.id()))),
        Offer.reading(
            "deliveries.list",
            Asked.class,
            (caller, asked) ->
                deliveries.list(caller, asked.state(), asked.channel(), asked.page())));
  }
}
