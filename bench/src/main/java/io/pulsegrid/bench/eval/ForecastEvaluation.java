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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Forecasts of every trend's next hours, at every full hour, beside the last hour's count. */
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
      Tally tally = new Tally();
      for (long[] counts : hourly(set, vectors)) {
        tally.follow(counts);
        all.follow(counts);
      }
      outcomes.add(tally.outcome("forecast " + set.name(), false));
    }
    if (!outcomes.isEmpty()) {
      outcomes.add(all.outcome("forecast, all events", true));
    }
    return outcomes;
  }

  /** The posts an hour of each trend, from its first hour to the last of the set. */
  private static List<long[]> hourly(DataSet set, VectorCache cache) throws IOException {
    List<float[]> vectors = cache.of(set.posts().stream().map(LabelledPost::wording).toList());
    List<TrendId> trends = StoryRun.trends(set.posts(), vectors, ClusterSettings.STANDARD);
    Map<String, TreeMap<Long, Long>> hours = new LinkedHashMap<>();
    for (int i = 0; i < trends.size(); i++) {
      hours
          .computeIfAbsent(trends.get(i).value(), _ -> new TreeMap<>())
          .merge(hour(set.posts().get(i).at()), 1L, Long::sum);
    }
    long end = hour(set.posts().getLast().at());
    List<long[]> all = new ArrayList<>();
    for (TreeMap<Long, Long> counts : hours.values()) {
      long first = counts.firstKey();
      long[] series = new long[(int) (end - first)];
      // The set's last hour is not whole.
      counts.headMap(end).forEach((hour, posts) -> series[(int) (hour - first)] = posts);
      all.add(series);
    }
    return all;
  }

  private static long hour(Instant at) {
    return Math.floorDiv(at.getEpochSecond(), HOUR_SECONDS);
  }

  /** What came of forecasts. */
  private static final class Tally {
    private long forecasts;
    private long covered;
    private double missed;
    private double missedByLast;

    void follow(long[] counts) {
      for (int now = 1; now + Outlook.HOURS <= counts.length; now++) {
        List<Long> past = new ArrayList<>();
        for (int i = Math.max(0, now - PAST_HOURS); i < now; i++) {
          past.add(counts[i]);
        }
        Evidence evidence = new Evidence(Instant.EPOCH, past, 0, 0, 0);
        if (Outlook.of(evidence) instanceof Outlook.Expected expected) {
          for (int ahead = 0; ahead < Outlook.HOURS; ahead++) {
            judge(expected.hours().get(ahead), counts[now + ahead], counts[now - 1]);
          }
        }
      }
    }

    private void judge(Outlook.Hour hour, long came, long last) {
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
