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
import org.jspecify.annotations.Nullable;
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

  /**
   * Another post in one's place.
   *
   * @param version what the one replaced must be at; null for whatever it is at
   */
  record Edited(@NotBlank String id, @NotNull JsonNode post, @Nullable Long version)
      implements Named {}

  /**
   * The end of a post, or of a series.
   *
   * @param version what it must be at; null for whatever it is at
   */
  record Ended(@NotBlank String id, @Nullable Long version) implements Named {}

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
        Offer.writing("scheduledPosts.cancel", Ended.class, this::cancelled),
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
        posts.replaced(caller, edited.id(), rows.ofOne(edited.post()), expected(edited.version())));
  }

  private Reply cancelled(Caller caller, Ended ended) {
    publishing.cancel(caller.workspace(), ended.id(), expected(ended.version()));
    return Reply.done();
  }

  /** What If-Match says over HTTP. */
  static OptionalLong expected(@Nullable Long version) {
    return version == null ? OptionalLong.empty() : OptionalLong.of(version);
  }
}
