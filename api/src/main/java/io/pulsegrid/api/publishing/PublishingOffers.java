package io.pulsegrid.api.publishing;

import io.pulsegrid.api.call.Named;
import io.pulsegrid.api.call.Offer;
import io.pulsegrid.api.call.Offers;
import io.pulsegrid.api.call.OneOf;
import io.pulsegrid.api.web.Paging;
import io.pulsegrid.api.web.Reply;
import io.pulsegrid.core.access.Caller;
import io.pulsegrid.core.publish.Publishing;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import java.util.List;
import java.util.OptionalLong;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/** Scheduling for programs. */
@Component
final class PublishingOffers implements Offers {
  private static final int LARGEST_BATCH = 32 << 20;

  private final ScheduledPostsController posts;
  private final BatchController batches;
  private final PreviewController previews;
  private final BatchRows rows;
  private final Publishing publishing;

  PublishingOffers(
      ScheduledPostsController posts,
      BatchController batches,
      PreviewController previews,
      BatchRows rows,
      Publishing publishing) {
    this.posts = posts;
    this.batches = batches;
    this.previews = previews;
    this.rows = rows;
    this.publishing = publishing;
  }

  record Batch(boolean atomic, @NotNull JsonNode posts) {}

  record Edited(@NotBlank String id, @NotNull JsonNode post) implements Named {}

  record Planned(@NotNull JsonNode posts) {}

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
        Offer.reading("scheduledPosts.list", Paging.class, posts::list),
        Offer.writing("scheduledPosts.replace", Edited.class, this::replaced),
        Offer.writing("scheduledPosts.cancel", OneOf.class, this::cancelled),
        // As over REST: who may not schedule may not ask what would become of it.
        Offer.reading(
                "scheduledPosts.preview",
                Planned.class,
                (caller, planned) -> previews.of(caller, planned.posts()))
            .forWriters()
            .upTo(LARGEST_BATCH));
  }

  private Reply replaced(Caller caller, Edited edited) {
    return Reply.ok(
        ScheduledPostView.of(
            publishing.replace(
                caller.workspace(), edited.id(), rows.ofOne(edited.post()), OptionalLong.empty())));
  }

  private Reply cancelled(Caller caller, OneOf one) {
    publishing.cancel(caller.workspace(), one.id(), OptionalLong.empty());
    return Reply.done();
  }
}
