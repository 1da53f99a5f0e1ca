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
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    Map<String, BCubed> found = new LinkedHashMap<>();
    BCubed ours = BCubed.of(trends, labels);
    BCubed dense = SinglePass.onVectors(vectors).best(labels);
    BCubed sparse = SinglePass.over(wordings.size(), words::cosine).best(labels);
    List<Integer> prototype = Prototype.groups(vectors);
    BCubed proto = BCubed.of(prototype, labels);
    found.put("pulsegrid", ours);
    found.put("dense, best", dense);
    found.put("TF-IDF, best", sparse);
    found.put("prototype", proto);
    List<Row> rows = new ArrayList<>();
    rows.add(row("BCubed F1", found, BCubed::f1));
    rows.add(row("BCubed precision", found, BCubed::precision));
    rows.add(row("BCubed recall", found, BCubed::recall));
    rows.add(
        new Row(
            "NMI",
            3,
            Map.of("pulsegrid", Nmi.of(trends, labels), "prototype", Nmi.of(prototype, labels))));
    rows.add(
        new Row(
            "trends (labels: %d)".formatted(new HashSet<>(labels).size()),
            0,
            Map.of(
                "pulsegrid", (double) new HashSet<>(trends).size(),
                "prototype", (double) new HashSet<>(prototype).size())));
    List<Target> targets = new ArrayList<>();
    Double wanted = WANTED.get(set.name());
    if (wanted != null) {
      targets.add(Target.atLeast("BCubed F1", ours.f1(), wanted));
    }
    targets.add(Target.atLeast("against the dense baseline", ours.f1() - dense.f1(), 0));
    targets.add(Target.atLeast("against the TF-IDF baseline", ours.f1() - sparse.f1(), 0));
    targets.add(Target.atLeast("against the prototype", ours.f1() - proto.f1(), 0));
    return new Outcome("stories " + set.name(), rows, targets);
  }

  private static Row row(String label, Map<String, BCubed> found, ToDoubleFunction<BCubed> figure) {
    Map<String, Double> figures = new LinkedHashMap<>();
    found.forEach((who, scores) -> figures.put(who, figure.applyAsDouble(scores)));
    return new Row(label, 3, figures);
  }
}
