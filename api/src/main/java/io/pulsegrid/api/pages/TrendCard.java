package io.pulsegrid.api.pages;

import io.pulsegrid.core.trend.Trend;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A trend on a page. */
record TrendCard(
    String id,
    String label,
    List<String> keywords,
    String summary,
    String state,
    String score,
    int share,
    long posts,
    List<Share> platforms,
    Moment firstSeen,
    Moment lastSeen,
    List<Turn> history) {
  private static final int WHOLE = 100;

  /** A platform's part of a trend, in percent. */
  record Share(String platform, long posts, int percent) {}

  /** A turn in its life. */
  record Turn(String what, Moment at) {}

  /**
   * @param highest the highest score shown beside it, for the length of its bar
   */
  static TrendCard of(Trend trend, double highest, Instant now) {
    double share = highest <= 0 ? 0 : trend.score() / highest;
    return new TrendCard(
        trend.id().value(),
        trend.wording().label(),
        trend.wording().keywords(),
        trend.wording().summary(),
        trend.state().name().toLowerCase(Locale.ROOT),
        String.format(Locale.ROOT, "%.1f", trend.score()),
        (int) Math.max(2, Math.round(share * WHOLE)),
        trend.postCount(),
        shares(trend),
        Moment.of(trend.firstSeen(), now),
        Moment.of(trend.lastSeen(), now),
        trend.history().reversed().stream().map(moment -> turn(moment, now)).toList());
  }

  private static List<Share> shares(Trend trend) {
    long all = Math.max(1, trend.platforms().values().stream().mapToLong(Long::longValue).sum());
    return trend.platforms().entrySet().stream()
        .sorted(
            Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                .thenComparing(Map.Entry.comparingByKey()))
        .map(
            entry ->
                new Share(
                    entry.getKey(),
                    entry.getValue(),
                    (int) Math.round(entry.getValue() * (double) WHOLE / all)))
        .toList();
  }

  private static Turn turn(Trend.Moment moment, Instant now) {
    String what =
        switch (moment) {
          case Trend.Moment.Entered entered ->
              "became " + entered.state().name().toLowerCase(Locale.ROOT);
          case Trend.Moment.Merged merged ->
              merged.from().size() == 1
                  ? "took in another trend"
                  : "took in " + merged.from().size() + " trends";
          case Trend.Moment.SplitInto _ -> "let a part go, as a trend of its own";
          case Trend.Moment.SplitFrom _ -> "left another trend";
        };
    return new Turn(what, Moment.of(moment.at(), now));
  }
}
