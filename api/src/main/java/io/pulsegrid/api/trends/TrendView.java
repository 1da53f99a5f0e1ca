package io.pulsegrid.api.trends;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.pulsegrid.core.trend.Evidence;
import io.pulsegrid.core.trend.Outlook;
import io.pulsegrid.core.trend.Trend;
import io.pulsegrid.core.trend.TrendId;
import io.pulsegrid.core.trend.TrendState;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A trend as it is shown. */
@Schema(name = "Trend")
public record TrendView(
    String id,
    @Schema(example = "Rust in the Linux kernel") String label,
    @Schema(example = "[\"rust\",\"kernel\"]") List<String> keywords,
    String summary,
    TrendState state,
    @Schema(description = "how strongly it rises now") double score,
    long postCount,
    @Schema(description = "posts a platform, most first", example = "{\"hackernews\":12}")
        Map<String, Long> platforms,
    Instant firstSeen,
    Instant lastSeen,
    List<Turn> history,
    @Schema(
            description =
                "what state and score rest on; absent for a trend told before this was kept")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable EvidenceView evidence,
    @Schema(description = "posts in the next hours; absent without evidence")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable OutlookView forecast) {

  /** What state and score rest on, in the posts' own time. */
  @Schema(name = "TrendEvidence")
  public record EvidenceView(
      @Schema(description = "when the trend was looked at") Instant at,
      @Schema(
              description = "posts of each whole hour before that, oldest first, 48 at the most",
              example = "[1,0,4,12]")
          List<Long> hourly,
      @Schema(description = "posts of the hour under way, so far") long hourNow,
      @Schema(description = "posts an hour that it brings now, the latest above all") double rate,
      @Schema(description = "posts an hour that are usual for it at this hour of the day")
          double usual) {
    static EvidenceView of(Evidence evidence) {
      return new EvidenceView(
          evidence.at(), evidence.hourly(), evidence.hourNow(), evidence.rate(), evidence.usual());
    }
  }

  /** The next hours, or why nothing can be said of them. */
  @Schema(name = "TrendForecast")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record OutlookView(
      @Schema(description = "why there is no forecast; absent where there is one")
          @Nullable String notEnoughData,
      List<Hour> hours) {
    static OutlookView of(Outlook outlook) {
      return switch (outlook) {
        case Outlook.NotEnoughData none -> new OutlookView(none.reason(), List.of());
        case Outlook.Expected expected ->
            new OutlookView(null, expected.hours().stream().map(Hour::of).toList());
      };
    }

    /** One hour to come; in four of five cases its posts lie between low and high. */
    @Schema(name = "TrendForecastHour")
    public record Hour(Instant from, double posts, long low, long high) {
      static Hour of(Outlook.Hour hour) {
        return new Hour(hour.from(), hour.posts(), hour.low(), hour.high());
      }
    }
  }

  /**
   * A turn in a trend's life: a state it entered, trends it was merged from, a trend that was split
   * from it, or the one that it was split from.
   */
  @Schema(name = "TrendTurn")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Turn(
      @Nullable TrendState state,
      @Schema(allowableValues = {"merged", "split"}) @Nullable String event,
      @Nullable List<String> from,
      @Nullable List<String> into,
      Instant at) {
    static Turn of(Trend.Moment moment) {
      return switch (moment) {
        case Trend.Moment.Entered entered ->
            new Turn(entered.state(), null, null, null, entered.at());
        case Trend.Moment.Merged merged ->
            new Turn(
                null,
                "merged",
                merged.from().stream().map(TrendId::value).toList(),
                null,
                merged.at());
        case Trend.Moment.SplitInto split ->
            new Turn(null, "split", null, List.of(split.part().value()), split.at());
        case Trend.Moment.SplitFrom split ->
            new Turn(null, "split", List.of(split.whole().value()), null, split.at());
      };
    }
  }

  /** A trend as the caller reads it. */
  public static TrendView of(Trend trend) {
    Map<String, Long> platforms = new LinkedHashMap<>();
    trend.platforms().entrySet().stream()
        .sorted(
            Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                .thenComparing(Map.Entry.comparingByKey()))
        .forEach(entry -> platforms.put(entry.getKey(), entry.getValue()));
    Evidence evidence = trend.evidence();
    return new TrendView(
        trend.id().value(),
        trend.wording().label(),
        trend.wording().keywords(),
        trend.wording().summary(),
        trend.state(),
        trend.score(),
        trend.postCount(),
        platforms,
        trend.firstSeen(),
        trend.lastSeen(),
        trend.history().stream().map(Turn::of).toList(),
        evidence == null ? null : EvidenceView.of(evidence),
        evidence == null ? null : OutlookView.of(Outlook.of(evidence)));
  }
}
