package io.pulsegrid.bench;

import io.pulsegrid.bench.Outcome.Row;
import io.pulsegrid.bench.Outcome.Target;
import io.pulsegrid.compute.embedding.Embedders;
import io.pulsegrid.compute.embedding.EmbeddingSettings;
import io.pulsegrid.compute.embedding.EmbeddingSettings.BatchListener;
import io.pulsegrid.compute.embedding.EmbeddingSettings.Engine;
import io.pulsegrid.core.search.Embedder;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Our index beside bare Lucene: how many of the nearest it finds, and how soon. */
final class SearchBench implements Bench {
  private static final String OURS = "pulsegrid";
  private static final String PEER = "bare lucene";
  private static final int NEAREST = 10;
  private static final int ROUNDS = 3;

  private final int size;
  private final int texts;
  private final int queries;

  SearchBench() {
    this(200_000, 20_000, 500);
  }

  SearchBench(int size, int texts, int queries) {
    this.size = size;
    this.texts = texts;
    this.queries = queries;
  }

  @Override
  public String name() {
    return "search";
  }

  @Override
  public String question() {
    return "recall@10 and time of vector searches over %,d posts, beside bare Lucene"
        .formatted(size);
  }

  @Override
  public Outcome run(PrintStream progress) throws Exception {
    Path folder = Scratch.create();
    try (SearchSubjects subjects = subjects(folder, progress)) {
      List<Row> rows = new ArrayList<>();
      List<Target> targets = new ArrayList<>();
      rows.add(
          new Row("build, s", 0, Map.of(OURS, subjects.ourBuild(), PEER, subjects.theirBuild())));
      for (String platform : new @Nullable String[] {null, SearchSubjects.RARE}) {
        String label = platform == null ? "plain" : "filtered (5 % of posts)";
        Side ours = new Side(query -> subjects.ours(query, platform, NEAREST));
        Side peer = new Side(query -> subjects.theirs(query, platform, NEAREST));
        measure(subjects, platform, List.of(ours, peer));
        addRow(rows, label + " recall@10", 4, ours.recall(), peer.recall());
        addRow(rows, label + " p50, ms", 2, ours.times.millis(0.5), peer.times.millis(0.5));
        addRow(rows, label + " p95, ms", 2, ours.times.millis(0.95), peer.times.millis(0.95));
        addRow(
            rows,
            label + " p95 of processor, ms",
            2,
            ours.times.processorMillis(0.95),
            peer.times.processorMillis(0.95));
        targets.add(Target.atLeast(label + " recall@10", ours.recall(), 0.97));
        targets.add(Target.below(label + " p95, ms", ours.times.millis(0.95), 10));
      }
      Stopwatch hybrid = hybrid(subjects);
      rows.add(new Row("words and vector p50, ms", 2, Map.of(OURS, hybrid.millis(0.5))));
      rows.add(new Row("words and vector p95, ms", 2, Map.of(OURS, hybrid.millis(0.95))));
      return new Outcome(name(), rows, targets);
    } finally {
      Scratch.delete(folder);
    }
  }

  private SearchSubjects subjects(Path folder, PrintStream progress) throws Exception {
    List<String> words = BenchTexts.distinct(texts + queries);
    progress.printf(Locale.ROOT, "embedding %,d texts%n", words.size());
    List<float[]> real = new ArrayList<>();
    EmbeddingSettings settings =
        new EmbeddingSettings(
            Engine.ONNX,
            null,
            "cpu",
            Runtime.getRuntime().availableProcessors(),
            256,
            512,
            folder.resolve("cache"),
            BatchListener.NONE);
    try (Embedder embedder = Embedders.open(settings)) {
      for (int from = 0; from < words.size(); from += 1_000) {
        real.addAll(embedder.embed(words.subList(from, Math.min(words.size(), from + 1_000))));
      }
    }
    progress.printf(Locale.ROOT, "indexing %,d vectors, twice%n", size);
    float[][] vectors =
        Vectors.spread(real.subList(queries, real.size()), size, new SplittableRandom(7));
    return SearchSubjects.build(
        folder, words.subList(queries, words.size()), vectors, real.subList(0, queries), words);
  }

  private static void measure(SearchSubjects subjects, @Nullable String platform, List<Side> sides)
      throws Exception {
    int[][] truth = subjects.truth(platform, NEAREST);
    for (int round = -1; round < ROUNDS; round++) { // the first is to warm up
      for (int q = 0; q < truth.length; q++) {
        float[] query = subjects.query(q);
        for (Side side : sides) {
          side.ask(query, truth[q], round >= 0);
        }
      }
    }
  }

  private static Stopwatch hybrid(SearchSubjects subjects) throws Exception {
    Stopwatch times = new Stopwatch(subjects.queries());
    for (int q = 0; q < subjects.queries(); q++) {
      int query = q;
      times.time(() -> subjects.hybrid(query, NEAREST));
    }
    return times;
  }

  private static void addRow(List<Row> rows, String label, int decimals, double ours, double peer) {
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put(OURS, ours);
    figures.put(PEER, peer);
    rows.add(new Row(label, decimals, figures));
  }

  /** One of the two that are asked in turn. */
  private final class Side {
    final Search search;
    final Stopwatch times = new Stopwatch(queries * ROUNDS);
    private long found;
    private long wanted;

    Side(Search search) {
      this.search = search;
    }

    void ask(float[] query, int[] truth, boolean counts) throws Exception {
      if (!counts) {
        search.nearest(query);
        return;
      }
      int[][] answer = new int[1][];
      times.time(() -> answer[0] = search.nearest(query));
      wanted += truth.length;
      for (int number : answer[0]) {
        found += Arrays.stream(truth).filter(nearest -> nearest == number).count();
      }
    }

    double recall() {
      return (double) found / wanted;
    }
  }

  /** A search by vector. */
  private interface Search {
    int[] nearest(float[] query) throws Exception;
  }
}
