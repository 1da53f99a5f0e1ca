package io.pulsegrid.bench;

import io.pulsegrid.bench.Outcome.Row;
import io.pulsegrid.bench.Outcome.Target;
import io.pulsegrid.compute.embedding.Embedders;
import io.pulsegrid.compute.embedding.EmbeddingSettings;
import io.pulsegrid.compute.embedding.EmbeddingSettings.BatchListener;
import io.pulsegrid.compute.embedding.EmbeddingSettings.Engine;
import io.pulsegrid.core.search.Embedder;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Our index, and the same by bytes, beside bare Lucene: how many of the nearest it finds, and how
 * soon.
 */
final class SearchBench implements Bench {
  private static final String OURS = "pulsegrid";
  private static final String BYTES = "pulsegrid int8";
  private static final String PEER = "bare lucene";
  private static final int NEAREST = 10;
  private static final int ROUNDS = 3;

  private final String name;
  private final int size;
  private final int updates;
  private final int texts;
  private final int queries;
  private final double milliseconds;

  SearchBench() {
    this("search", 200_000, 0, 20_000, 500, 10);
  }

  SearchBench(int size, int updates, int texts, int queries) {
    this("search", size, updates, texts, queries, 10);
  }

  private SearchBench(
      String name, int size, int updates, int texts, int queries, double milliseconds) {
    this.name = name;
    this.size = size;
    this.updates = updates;
    this.texts = texts;
    this.queries = queries;
    this.milliseconds = milliseconds;
  }

  /**
   * At the size of a million, each of them put twice. It takes hours: one that was stopped goes on
   * where it was.
   */
  static SearchBench million() {
    return million(1_000_000);
  }

  private static SearchBench million(int size) {
    return new SearchBench("search-million", size, size, Math.min(size, 20_000), 500, 15);
  }

  @Override
  public Bench ofSize(int other) {
    return isLong() ? million(other) : new SearchBench(other, 0, Math.min(other, 20_000), queries);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean isLong() {
    return updates > 0;
  }

  @Override
  public String question() {
    return "recall@10 and time of vector searches over %,d posts%s, beside bare Lucene"
        .formatted(size, updates == 0 ? "" : " after %,d updates".formatted(updates));
  }

  @Override
  public Outcome run(PrintStream progress) throws Exception {
    Path folder = isLong() ? kept() : Scratch.create();
    Outcome outcome = measured(folder, progress);
    Scratch.delete(folder);
    return outcome;
  }

  /** Where a long one is put together; still there when it was stopped. */
  private Path kept() throws IOException {
    Path home = Path.of(System.getProperty("pulsegrid.home", ".")).toAbsolutePath().normalize();
    return Files.createDirectories(home.resolve("target/bench/%s-%d".formatted(name, size)));
  }

  private Outcome measured(Path folder, PrintStream progress) throws Exception {
    try (SearchSubjects subjects = subjects(folder, progress)) {
      List<Row> rows = new ArrayList<>();
      List<Target> targets = new ArrayList<>();
      rows.add(
          row("build, s", 0, subjects.ourBuild(), subjects.bytesBuild(), subjects.theirBuild()));
      rows.add(
          row(
              "on disk, MB",
              0,
              subjects.megabytes("ours"),
              subjects.megabytes("bytes"),
              subjects.megabytes("theirs")));
      for (String platform : new @Nullable String[] {null, SearchSubjects.RARE}) {
        String label = platform == null ? "plain" : "filtered (5 % of posts)";
        Side ours = new Side(query -> subjects.ours(query, platform, NEAREST));
        Side bytes = new Side(query -> subjects.bytes(query, platform, NEAREST));
        Side peer = new Side(query -> subjects.theirs(query, platform, NEAREST));
        measure(subjects, platform, List.of(ours, bytes, peer));
        rows.add(row(label + " recall@10", 4, ours.recall(), bytes.recall(), peer.recall()));
        for (double share : new double[] {0.5, 0.95}) {
          rows.add(
              row(
                  "%s p%.0f, ms".formatted(label, 100 * share),
                  2,
                  ours.times.millis(share),
                  bytes.times.millis(share),
                  peer.times.millis(share)));
        }
        rows.add(
            row(
                label + " p95 of processor, ms",
                2,
                ours.times.processorMillis(0.95),
                bytes.times.processorMillis(0.95),
                peer.times.processorMillis(0.95)));
        targets.add(Target.atLeast(label + " recall@10", ours.recall(), 0.97));
        targets.add(Target.below(label + " p95, ms", ours.times.millis(0.95), milliseconds));
      }
      Stopwatch hybrid = hybrid(subjects);
      rows.add(new Row("words and vector p50, ms", 2, Map.of(OURS, hybrid.millis(0.5))));
      rows.add(new Row("words and vector p95, ms", 2, Map.of(OURS, hybrid.millis(0.95))));
      return new Outcome(name(), rows, targets);
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
    progress.printf(Locale.ROOT, "indexing %,d vectors, three times%n", size + updates);
    float[][] vectors =
        Vectors.spread(real.subList(queries, real.size()), size, new SplittableRandom(7));
    List<String> indexed = words.subList(queries, words.size());
    SearchSubjects subjects =
        SearchSubjects.build(folder, indexed, vectors, real.subList(0, queries), words, progress);
    subjects.update(indexed, updates, new SplittableRandom(8));
    return subjects;
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

  private static Row row(String label, int decimals, double ours, double bytes, double peer) {
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put(OURS, ours);
    figures.put(BYTES, bytes);
    figures.put(PEER, peer);
    return new Row(label, decimals, figures);
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
