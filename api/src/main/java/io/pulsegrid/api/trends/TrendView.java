package io.pulsegrid.api.trends;

import com.fasterxml.jackson.annotation.JsonInclude;
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
    List<Turn> history) {

  /** A turn in a trend's life: a state it entered, or trends it was merged from. */
  @Schema(name = "TrendTurn")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Turn(
      @Nullable TrendState state,
      @Schema(allowableValues = {"merged", "split"}) @Nullable String event,
      @Nullable List<String> from,
      Instant at) {
    static Turn of(Trend.Moment moment) {
      return switch (moment) {
        case Trend.Moment.Entered entered -> new Turn(entered.state(), null, null, entered.at());
        case Trend.Moment.Merged merged ->
            new Turn(
                null, "merged", merged.from().stream().map(TrendId::value).toList(), merged.at());
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
        trend.history().stream().map(Turn::of).toList());
  }
}
