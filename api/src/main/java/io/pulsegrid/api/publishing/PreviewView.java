package io.pulsegrid.api.publishing;

import io.pulsegrid.core.failure.FieldError;
import io.pulsegrid.core.limit.RateLimit;
import io.pulsegrid.core.publish.DeliveryState;
import io.pulsegrid.core.publish.Measure;
import io.pulsegrid.core.publish.Preview;
import io.pulsegrid.core.time.Resolved;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What would become of a plan. */
@Schema(name = "Preview")
record PreviewView(
    List<ItemView> items,
    @Schema(description = "when the last of them would be out; null where none could be scheduled")
        @Nullable Instant lastGoesOutAt) {

  @Schema(name = "PreviewItem")
  record ItemView(
      @Schema(description = "why it would be refused") List<FieldError> errors,
      List<OnChannelView> channels) {}

  @Schema(name = "PreviewOnChannel")
  record OnChannelView(
      String channel,
      String platform,
      Instant at,
      @Schema(type = "string", example = "2026-12-01T09:00") String local,
      String zone,
      Resolved.Adjustment adjustment,
      @Schema(description = "of the text there, as its platform counts it") long length,
      @Schema(description = "all that its platform counts of it, the length first")
          List<CountView> counted,
      @Schema(description = "the latest that its limits would let it out") Instant goesOutAt,
      @Schema(description = "the limit it would wait for; null for none")
          @Nullable CollisionView heldBy,
      @Schema(description = "what says nearly the same on that channel, sent or waiting")
          List<SimilarView> similar) {
    static OnChannelView of(Preview.OnChannel one) {
      RateLimit heldBy = one.heldBy();
      return new OnChannelView(
          one.channel(),
          one.platform(),
          one.resolved().instant(),
          one.resolved().local().toString(),
          one.resolved().zone().getId(),
          one.resolved().adjustment(),
          one.counted().isEmpty() ? 0 : one.counted().getFirst().count(),
          one.counted().stream().map(CountView::of).toList(),
          one.goesOutAt(),
          heldBy == null ? null : CollisionView.of(heldBy),
          one.similar().stream().map(SimilarView::of).toList());
    }
  }

  @Schema(name = "TextCount")
  record CountView(
      @Schema(description = "what it is counted of; null for the whole text") @Nullable String part,
      long count,
      @Schema(description = "how many it takes; null where nothing is known")
          @Nullable Integer most,
      @Schema(example = "characters as a reader sees them") String unit) {
    static CountView of(Measure measure) {
      return new CountView(
          measure.part().isEmpty() ? null : measure.part(),
          measure.count(),
          measure.most(),
          measure.unit());
    }
  }

  @Schema(name = "LimitCollision")
  record CollisionView(
      String scope,
      @Nullable Long windowSeconds,
      @Nullable Integer limit,
      @Nullable String reason) {
    static CollisionView of(RateLimit limit) {
      Duration window = limit.window();
      return new CollisionView(
          limit.scope(), window == null ? null : window.toSeconds(), limit.limit(), limit.reason());
    }
  }

  @Schema(name = "SimilarDelivery")
  record SimilarView(
      String delivery,
      DeliveryState state,
      Instant at,
      @Schema(description = "0 to 1; 1 for the same words") double likeness) {
    static SimilarView of(Preview.Similar one) {
      return new SimilarView(one.delivery(), one.state(), one.at(), one.likeness());
    }
  }

  /**
   * A preview among rows, some of which could not even be read.
   *
   * @param refused what is wrong with each row; empty for those that the preview tells of
   */
  static PreviewView of(Preview preview, List<List<FieldError>> refused) {
    List<ItemView> items = new ArrayList<>();
    int next = 0;
    for (List<FieldError> errors : refused) {
      items.add(
          errors.isEmpty() ? item(preview.items().get(next++)) : new ItemView(errors, List.of()));
    }
    return new PreviewView(items, preview.lastGoesOutAt());
  }

  private static ItemView item(Preview.Item item) {
    return new ItemView(item.errors(), item.channels().stream().map(OnChannelView::of).toList());
  }
}
