package io.pulsegrid.api.publishing;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.pulsegrid.core.failure.FieldError;
import io.pulsegrid.core.publish.DeliveryState;
import io.pulsegrid.core.publish.Occurrence;
import io.pulsegrid.core.publish.ScheduledPost;
import io.pulsegrid.core.time.Resolved;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A scheduled post as it is shown: what was asked for, what it came to, how it goes. */
@Schema(name = "ScheduledPost")
record ScheduledPostView(
    String id,
    @Schema(description = "the least advanced of its deliveries") DeliveryState state,
    String text,
    List<String> channels,
    WhenBody when,
    Map<String, Text> variants,
    int priority,
    @Schema(type = "string", format = "duration", example = "PT24H") Duration expiresAfter,
    @Schema(description = "one for all channels, or one for each where they differ")
        List<ResolvedView> resolved,
    List<DeliveryView> deliveries,
    @Schema(description = "the series that it is a post of; absent where it stands alone")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable String series,
    @Schema(description = "what If-Match is held against: the number at the head of the ETag")
        long version,
    Instant createdAt,
    @Schema(description = "what the author may not have meant; told when it is created or replaced")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<FieldError> warnings) {

  @Schema(name = "VariantText")
  record Text(String text) {}

  @Schema(name = "Resolved", description = "the instant that a wall-clock time came to")
  record ResolvedView(
      Instant at,
      @Schema(type = "string", example = "2026-03-29T02:30:00") String local,
      @Schema(example = "Europe/Paris") String zone,
      Resolved.Adjustment adjustment,
      @Schema(description = "what daylight saving made of it; null for nothing")
          @Nullable String note,
      @Schema(description = "the channel it holds for; absent where it holds for all")
          @JsonInclude(JsonInclude.Include.NON_NULL)
          @Nullable String channel) {
    static List<ResolvedView> of(ScheduledPost post) {
      if (post.resolved().size() == 1) {
        return List.of(of(null, post.resolved().getFirst()));
      }
      return post.draft().channels().stream()
          .map(channel -> of(channel, post.resolvedOn(channel)))
          .toList();
    }

    private static ResolvedView of(@Nullable String channel, Resolved resolved) {
      return new ResolvedView(
          resolved.instant(),
          resolved.local().toString(),
          resolved.zone().getId(),
          resolved.adjustment(),
          note(resolved),
          channel);
    }

    private static @Nullable String note(Resolved resolved) {
      return switch (resolved.adjustment()) {
        case NONE -> null;
        case GAP ->
            "the clocks of "
                + resolved.zone()
                + " skip this time; moved forward by the gap, to "
                + resolved.instant().atZone(resolved.zone()).toLocalDateTime();
        case OVERLAP ->
            "the clocks of " + resolved.zone() + " show this time twice; the first is taken";
      };
    }
  }

  static ScheduledPostView of(ScheduledPost post) {
    return of(post, List.of());
  }

  static ScheduledPostView of(ScheduledPost post, List<FieldError> warnings) {
    ScheduledPost.Draft draft = post.draft();
    return new ScheduledPostView(
        post.id(),
        post.state(),
        draft.text(),
        draft.channels(),
        WhenBody.of(draft.when()),
        texts(draft),
        draft.priority(),
        draft.expiresAfter(),
        ResolvedView.of(post),
        post.deliveries().stream().map(DeliveryView::of).toList(),
        seriesOf(post),
        post.version(),
        post.createdAt(),
        warnings);
  }

  private static @Nullable String seriesOf(ScheduledPost post) {
    @Nullable Occurrence occurrence = post.occurrence();
    return occurrence == null ? null : occurrence.series();
  }

  static Map<String, Text> texts(ScheduledPost.Draft draft) {
    Map<String, Text> variants = new TreeMap<>();
    draft.variants().forEach((platform, text) -> variants.put(platform, new Text(text)));
    return variants;
  }
}
