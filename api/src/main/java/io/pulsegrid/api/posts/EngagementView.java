package io.pulsegrid.api.posts;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.pulsegrid.core.post.EngagementHistory.Reading;
import io.pulsegrid.core.post.Virality;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a post's engagement grew, and whether it catches on. */
@Schema(name = "EngagementHistory")
public record EngagementView(List<EngagementReading> items, Growth virality) {
  public EngagementView {
    items = List.copyOf(items);
  }

  /** Whether a post catches on, with what says so; or why nothing can be said. */
  @Schema(name = "Virality")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Growth(
      @Schema(description = "why there is no score; absent where there is one")
          @Nullable String notEnoughData,
      @Schema(
              description =
                  "standard deviations that the latest gain lies above what was to be expected;"
                      + " from 4 on it catches on")
          @Nullable Double score,
      @Nullable Boolean catchesOn,
      @Nullable Evidence evidence) {
    static Growth of(Virality virality) {
      return switch (virality) {
        case Virality.NotEnoughData none -> new Growth(none.reason(), null, null, null);
        case Virality.Measured measured ->
            new Growth(null, measured.score(), measured.catchesOn(), Evidence.of(measured));
      };
    }
  }

  /** What a score rests on; reactions are likes, comments and shares together. */
  @Schema(name = "ViralityEvidence")
  public record Evidence(
      @Schema(description = "the reading before the latest") Instant since,
      @Schema(description = "the latest reading") Instant at,
      @Schema(description = "by the latest reading") long reactions,
      @Schema(description = "reactions between the two") long gained,
      @Schema(description = "reactions between the two, had it faded as usual") double expected,
      @Schema(description = "reactions an hour between the two") double perHour,
      @Schema(description = "reactions an hour, had it faded as usual") double usualPerHour) {
    static Evidence of(Virality.Measured measured) {
      return new Evidence(
          measured.since(),
          measured.at(),
          measured.reactions(),
          measured.gained(),
          measured.expected(),
          measured.perHour(),
          measured.usualPerHour());
    }
  }

  /** The readings of what was published at a moment, oldest first. */
  public static EngagementView of(Instant publishedAt, List<Reading> readings) {
    return new EngagementView(
        readings.stream().map(EngagementReading::of).toList(),
        Growth.of(Virality.of(publishedAt, readings)));
  }
}
