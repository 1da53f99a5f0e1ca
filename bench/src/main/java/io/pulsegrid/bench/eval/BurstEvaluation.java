package io.pulsegrid.bench.eval;

import io.pulsegrid.bench.Outcome;
import io.pulsegrid.bench.Outcome.Row;
import io.pulsegrid.bench.Outcome.Target;
import io.pulsegrid.core.trend.TrendId;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/** Alerts on events replayed by their posts' times, beside a keyword baseline. */
final class BurstEvaluation implements Evaluation {
  private static final Duration SOON = Duration.ofMinutes(10);
  private static final double WANTED_MINUTES = 10;
  private static final double WANTED_OFF_TOPIC = .1;
  private static final String OURS = "pulsegrid";
  private static final String EWMA = "keyword EWMA";

  @Override
  public String name() {
    return "bursts";
  }

  @Override
  public String question() {
    return "is an event told as it begins, and nothing else before?";
  }

  @Override
  public String directory() {
    return "events";
  }

  @Override
  public List<Outcome> run(Path directory, VectorCache vectors, PrintStream progress)
      throws IOException {
    List<Outcome> outcomes = new ArrayList<>();
    for (DataSet set : DataSet.events(directory)) {
      outcomes.add(evaluate(set, vectors));
    }
    return outcomes;
  }

  private static Outcome evaluate(DataSet set, VectorCache cache) throws IOException {
    List<float[]> vectors = cache.of(set.posts().stream().map(LabelledPost::wording).toList());
    Replay replay = Replay.of(set, vectors);
    Map<String, List<Alarm>> alarms = new LinkedHashMap<>();
    alarms.put(OURS, replay.alarms());
    alarms.put(EWMA, KeywordEwma.alarms(set.posts()));
    double offTopic = offTopic(set, replay);
    List<Row> rows = new ArrayList<>();
    List<Target> targets = new ArrayList<>();
    Optional<Instant> onset = Onset.of(set.posts());
    if (onset.isPresent()) {
      rows.addAll(around(onset.get(), alarms));
      targets.add(
          Target.below(
              "minutes from onset to alert",
              minutes(onset.get(), Instant.MIN, alarms(alarms, OURS)),
              WANTED_MINUTES));
      targets.add(
          Target.below("false alarms before", falseBefore(onset.get(), alarms(alarms, OURS)), 1));
    } else {
      rows.add(row("false alarms (the set has no onset)", alarms, BurstEvaluation::falseAlarms));
    }
    rows.add(new Row("off-topic in the event's trends", 3, Map.of(OURS, offTopic)));
    targets.add(Target.below("off-topic share", offTopic, WANTED_OFF_TOPIC));
    return new Outcome("bursts " + set.name(), rows, targets);
  }

  private static List<Row> around(Instant onset, Map<String, List<Alarm>> alarms) {
    return List.of(
        row(
            "minutes from onset to the event's first alert",
            alarms,
            all -> minutes(onset, Instant.MIN, all)),
        row(
            "the same, of alerts that began no sooner than ten minutes before",
            alarms,
            all -> minutes(onset, onset.minus(SOON), all)),
        row("false alarms before", alarms, all -> falseBefore(onset, all)),
        row("false alarms in all", alarms, BurstEvaluation::falseAlarms));
  }

  private static Row row(
      String label, Map<String, List<Alarm>> alarms, ToDoubleFunction<List<Alarm>> figure) {
    Map<String, Double> figures = new LinkedHashMap<>();
    alarms.forEach((who, all) -> figures.put(who, figure.applyAsDouble(all)));
    return new Row(label, 0, figures);
  }

  private static List<Alarm> alarms(Map<String, List<Alarm>> alarms, String who) {
    return alarms.getOrDefault(who, List.of());
  }

  /** To the event's first alert, negative where it came before; infinite where none did. */
  private static double minutes(Instant onset, Instant notBefore, List<Alarm> alarms) {
    return alarms.stream()
        .filter(alarm -> alarm.ofEvent() && !alarm.at().isBefore(notBefore))
        .mapToDouble(alarm -> Duration.between(onset, alarm.at()).toSeconds() / 60d)
        .findFirst()
        .orElse(Double.POSITIVE_INFINITY);
  }

  private static double falseBefore(Instant onset, List<Alarm> alarms) {
    return falseAlarms(alarms.stream().filter(alarm -> alarm.at().isBefore(onset)).toList());
  }

  private static double falseAlarms(List<Alarm> alarms) {
    return alarms.stream().filter(alarm -> !alarm.ofEvent()).count();
  }

  /** The off-topic share of the trends that alerted and are the event's in the end. */
  private static double offTopic(DataSet set, Replay replay) {
    Set<String> alerted = new HashSet<>();
    replay.alarms().forEach(alarm -> alerted.add(alarm.about()));
    Map<TrendId, Integer> posts = new HashMap<>();
    Map<TrendId, Integer> onTopic = new HashMap<>();
    for (int i = 0; i < set.posts().size(); i++) {
      TrendId trend = replay.trends().get(i);
      posts.merge(trend, 1, Integer::sum);
      onTopic.merge(
          trend, set.posts().get(i).label().equals(DataSet.ON_TOPIC) ? 1 : 0, Integer::sum);
    }
    long all = 0;
    long on = 0;
    for (Map.Entry<TrendId, Integer> trend : posts.entrySet()) {
      int its = onTopic.getOrDefault(trend.getKey(), 0);
      if (alerted.contains(trend.getKey().value()) && 2 * its >= trend.getValue()) {
        all += trend.getValue();
        on += its;
      }
    }
    return all == 0 ? 1 : 1 - (double) on / all;
  }
}
