package io.pulsegrid.bench.eval;

import io.pulsegrid.bench.Outcome;
import io.pulsegrid.bench.Outcome.Row;
import io.pulsegrid.bench.Outcome.Target;
import io.pulsegrid.compute.cluster.ClusterSettings;
import io.pulsegrid.core.trend.TrendId;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** Trends against labelled stories, in stream order, with the node's own settings. */
final class StoryEvaluation implements Evaluation {
  private static final Map<String, Double> WANTED = Map.of("uci-news-499", .84, "tweet", .93);

  @Override
  public String name() {
    return "stories";
  }

  @Override
  public String question() {
    return "do trends tell the stories of labelled posts apart?";
  }

  @Override
  public String directory() {
    return "stories";
  }

  @Override
  public List<Outcome> run(Path directory, VectorCache vectors, PrintStream progress)
      throws IOException {
    List<Outcome> outcomes = new ArrayList<>();
    for (DataSet set : DataSet.stories(directory)) {
      outcomes.add(evaluate(set, vectors));
    }
    return outcomes;
  }

  private Outcome evaluate(DataSet set, VectorCache cache) throws IOException {
    List<String> wordings = set.posts().stream().map(LabelledPost::wording).toList();
    List<String> labels = set.posts().stream().map(LabelledPost::label).toList();
    List<float[]> vectors = cache.of(wordings);
    List<TrendId> trends = StoryRun.trends(set.posts(), vectors, ClusterSettings.STANDARD);
    TfIdf words = new TfIdf(wordings);
    List<Integer> dense = SinglePass.onVectors(vectors).best(labels);
    List<Integer> sparse = SinglePass.over(wordings.size(), words::cosine).best(labels);
    List<Integer> prototype = Prototype.groups(vectors);
    Map<String, List<?>> found = new LinkedHashMap<>();
    found.put("pulsegrid", trends);
    found.put("dense, best", dense);
    found.put("TF-IDF, best", sparse);
    found.put("prototype", prototype);
    List<Row> rows = new ArrayList<>();
    rows.add(row("BCubed F1", 3, found, groups -> BCubed.of(groups, labels).f1()));
    rows.add(row("BCubed precision", 3, found, groups -> BCubed.of(groups, labels).precision()));
    rows.add(row("BCubed recall", 3, found, groups -> BCubed.of(groups, labels).recall()));
    rows.add(row("NMI", 3, found, groups -> Nmi.of(groups, labels)));
    rows.add(
        row(
            "trends (labels: %d)".formatted(new HashSet<>(labels).size()),
            0,
            found,
            groups -> new HashSet<>(groups).size()));
    OtherOrders orders = new OtherOrders(set.posts(), vectors);
    Map<String, List<Double>> others = new LinkedHashMap<>();
    others.put(
        "pulsegrid",
        orders.f1((posts, theirs) -> StoryRun.trends(posts, theirs, ClusterSettings.STANDARD)));
    others.put("prototype", orders.f1((_, theirs) -> Prototype.groups(theirs)));
    rows.add(ofOrders("BCubed F1, mean of %d other orders", others, StoryEvaluation::mean));
    rows.add(ofOrders("BCubed F1, least of %d other orders", others, Collections::min));
    double ours = BCubed.of(trends, labels).f1();
    List<Target> targets = new ArrayList<>();
    Double wanted = WANTED.get(set.name());
    if (wanted != null) {
      targets.add(Target.atLeast("BCubed F1", ours, wanted));
    }
    targets.add(
        Target.atLeast("against the dense baseline", ours - BCubed.of(dense, labels).f1(), 0));
    targets.add(
        Target.atLeast("against the TF-IDF baseline", ours - BCubed.of(sparse, labels).f1(), 0));
    targets.add(
        Target.atLeast("against the prototype", ours - BCubed.of(prototype, labels).f1(), 0));
    targets.add(
        Target.atLeast(
            "against the prototype in other orders",
            mean(others.get("pulsegrid")) - mean(others.get("prototype")),
            0));
    return new Outcome("stories " + set.name(), rows, targets);
  }

  private static Row ofOrders(
      String label, Map<String, List<Double>> found, Function<List<Double>, Double> figure) {
    Map<String, Double> figures = new LinkedHashMap<>();
    found.forEach((who, orders) -> figures.put(who, figure.apply(orders)));
    return new Row(label.formatted(OtherOrders.COUNT), 3, figures);
  }

  private static double mean(List<Double> figures) {
    return figures.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
  }

  private static Row row(
      String label, int decimals, Map<String, List<?>> found, ToDoubleFunction<List<?>> figure) {
    Map<String, Double> figures = new LinkedHashMap<>();
    found.forEach((who, groups) -> figures.put(who, figure.applyAsDouble(groups)));
    return new Row(label, decimals, figures);
  }
}
