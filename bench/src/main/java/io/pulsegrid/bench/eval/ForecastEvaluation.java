package io.pulsegrid.bench.eval;

import io.pulsegrid.bench.Outcome;
import io.pulsegrid.bench.Outcome.Row;
import io.pulsegrid.bench.Outcome.Target;
import io.pulsegrid.compute.cluster.ClusterSettings;
import io.pulsegrid.core.trend.Evidence;
import io.pulsegrid.core.trend.Outlook;
import io.pulsegrid.core.trend.TrendId;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.LongStream;

/**
 * Forecasts of every trend's next hours, at every full hour, beside the last hour's count. A trend
 * is forecast by the posts that it has by then, and judged by those that have come into it by the
 * end of the hour, or into the one that it has become part of.
 */
final class ForecastEvaluation implements Evaluation {
  private static final int PAST_HOURS = 48;
  private static final long HOUR_SECONDS = 3600;

  @Override
  public String name() {
    return "forecast";
  }

  @Override
  public String question() {
    return "do as many posts come as a trend's forecast says?";
  }

  @Override
  public String directory() {
    return "events";
  }

  @Override
  public List<Outcome> run(Path directory, VectorCache vectors, PrintStream progress)
      throws IOException {
    List<Outcome> outcomes = new ArrayList<>();
    Tally all = new Tally();
    for (DataSet set : DataSet.events(directory)) {
      List<float[]> embedded = vectors.of(set.posts().stream().map(LabelledPost::wording).toList());
      Tally tally = new Tally();
      new Course(set, embedded, tally).follow();
      all.add(tally);
      outcomes.add(tally.outcome("forecast " + set.name(), false));
    }
    if (!outcomes.isEmpty()) {
      outcomes.add(all.outcome("forecast, all events", true));
    }
    return outcomes;
  }

  private static long hour(Instant at) {
    return Math.floorDiv(at.getEpochSecond(), HOUR_SECONDS);
  }

  /** One hour's forecast of a trend, and what it had in the hour before it was made. */
  private record Forecast(TrendId trend, Outlook.Hour hour, long last) {}

  /** A stream, and what is forecast while it runs. */
  private static final class Course {
    private final List<LabelledPost> posts;
    private final List<float[]> vectors;
    private final Tally tally;
    private final StoryRun run = new StoryRun(ClusterSettings.STANDARD);
    private final Map<Long, List<Forecast>> open = new HashMap<>();

    Course(DataSet set, List<float[]> vectors, Tally tally) {
      this.posts = set.posts();
      this.vectors = vectors;
      this.tally = tally;
    }

    void follow() {
      long next = hour(posts.getFirst().at()) + 1;
      for (int i = 0; i < posts.size(); i++) {
        for (; next <= hour(posts.get(i).at()); next++) {
          turn(next);
        }
        run.add(posts.get(i), vectors.get(i));
      }
      // The last hour is not whole, and what was forecast of it and beyond is not judged.
    }

    private void turn(long now) {
      Map<TrendId, SortedMap<Long, Long>> counts = hourly(run.trends());
      for (Forecast forecast :
          Objects.requireNonNullElse(open.remove(now - 1), List.<Forecast>of())) {
        long came =
            counts
                .getOrDefault(run.named(forecast.trend()), new TreeMap<>())
                .getOrDefault(now - 1, 0L);
        tally.judge(forecast.hour(), came, forecast.last());
      }
      counts.forEach((trend, hours) -> forecast(now, trend, hours));
    }

    /** How many posts each trend has by now in each hour. */
    private Map<TrendId, SortedMap<Long, Long>> hourly(List<TrendId> trends) {
      Map<TrendId, SortedMap<Long, Long>> hours = new LinkedHashMap<>();
      for (int i = 0; i < trends.size(); i++) {
        hours
            .computeIfAbsent(trends.get(i), _ -> new TreeMap<>())
            .merge(hour(posts.get(i).at()), 1L, Long::sum);
      }
      return hours;
    }

    private void forecast(long now, TrendId trend, SortedMap<Long, Long> counts) {
      List<Long> past =
          LongStream.range(Math.max(counts.firstKey(), now - PAST_HOURS), now)
              .mapToObj(hour -> counts.getOrDefault(hour, 0L))
              .toList();
      Evidence evidence = new Evidence(Instant.EPOCH, past, 0, 0, 0);
      if (Outlook.of(evidence) instanceof Outlook.Expected expected) {
        for (int ahead = 0; ahead < Outlook.HOURS; ahead++) {
          open.computeIfAbsent(now + ahead, _ -> new ArrayList<>())
              .add(new Forecast(trend, expected.hours().get(ahead), past.getLast()));
        }
      }
    }
  }

  /** What came of forecasts. */
  private static final class Tally {
    private long forecasts;
    private long covered;
    private double missed;
    private double missedByLast;

    void add(Tally other) {
      forecasts += other.forecasts;
      covered += other.covered;
      missed += other.missed;
      missedByLast += other.missedByLast;
    }

    void judge(Outlook.Hour hour, long came, long last) {
      forecasts++;
      covered += hour.low() <= came && came <= hour.high() ? 1 : 0;
      missed += Math.abs(came - hour.posts());
      missedByLast += Math.abs(came - last);
    }

    Outcome outcome(String name, boolean judged) {
      double coverage = forecasts == 0 ? 0 : (double) covered / forecasts;
      double error = forecasts == 0 ? 0 : missed / forecasts;
      double lastError = forecasts == 0 ? 0 : missedByLast / forecasts;
      List<Row> rows =
          List.of(
              new Row("hours forecast", 0, Map.of("pulsegrid", (double) forecasts)),
              new Row("within the 80 % interval", 3, Map.of("pulsegrid", coverage)),
              new Row("mean error, posts", 2, Map.of("pulsegrid", error, "last hour", lastError)));
      Target below = Target.below("error beside the last hour's", error - lastError, 0);
      return new Outcome(
          name,
          rows,
          judged
              ? List.of(
                  Target.atLeast("coverage", coverage, .75),
                  Target.below("coverage", coverage, .85),
                  below)
              : List.of(below));
    }
  }
}
