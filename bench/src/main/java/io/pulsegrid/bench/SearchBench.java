package io.pulsegrid.bench;

import io.pulsegrid.bench.Outcome.Row;
import io.pulsegrid.bench.Outcome.Target;
import io.pulsegrid.bench.SearchSubjects.Subject;
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
 * Our index, and the same by bytes, beside bare Lucene and pgvector: how many of the nearest it
 * finds, and how soon.
 */
final class SearchBench implements Bench {
  private static final int NEAREST = 10;
  private static final double RECALL = 0.97;

  /** Its {@code ef_search}, from what it has by itself to the most. */
  private static final int[] BREADTHS_OF_PGVECTOR = {
    40, 60, 80, 100, 150, 200, 300, 400, 600, 1_000
  };

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
   * At the size of a million, each of them put twice, and not by bytes as well. It takes hours: one
   * that was stopped goes on where it was.
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
    return "recall@10 and time of vector searches over %,d posts%s, beside bare Lucene and pgvector"
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
      List<Side> all = sides(subjects, null);
      rows.add(row("build, s", 0, all, side -> subjects.built(side.subject)));
      rows.add(row("on disk, MB", 0, all, side -> subjects.megabytes(side.subject)));
      for (String platform : new @Nullable String[] {null, SearchSubjects.RARE}) {
        String label = platform == null ? "plain" : "filtered (5 % of posts)";
        int[][] truth = subjects.truth(platform, NEAREST);
        if (subjects.present().contains(Subject.PGVECTOR)) {
          double breadth = widenPgVector(subjects, platform, truth);
          rows.add(new Row(label + " ef_search", 0, Map.of(Subject.PGVECTOR.title, breadth)));
        }
        List<Side> sides = sides(subjects, platform);
        measure(subjects, truth, sides);
        rows.add(row(label + " recall@10", 4, sides, Side::recall));
        for (double share : new double[] {0.5, 0.95}) {
          rows.add(
              row(
                  "%s p%.0f, ms".formatted(label, 100 * share),
                  2,
                  sides,
                  side -> side.times.millis(share)));
        }
        // pgvector works in a process of its own, whose time is not seen here.
        List<Side> here = sides.stream().filter(it -> it.subject != Subject.PGVECTOR).toList();
        rows.add(
            row(
                label + " p95 of processor, ms",
                2,
                here,
                side -> side.times.processorMillis(0.95)));
        Side ours = sides.getFirst();
        targets.add(Target.atLeast(label + " recall@10", ours.recall(), RECALL));
        targets.add(Target.below(label + " p95, ms", ours.times.millis(0.95), milliseconds));
      }
      Stopwatch hybrid = hybrid(subjects);
      rows.add(
          new Row("words and vector p50, ms", 2, Map.of(Subject.OURS.title, hybrid.millis(0.5))));
      rows.add(
          new Row("words and vector p95, ms", 2, Map.of(Subject.OURS.title, hybrid.millis(0.95))));
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
    progress.printf(Locale.ROOT, "indexing %,d vectors, once for each%n", size + updates);
    float[][] vectors =
        Vectors.spread(real.subList(queries, real.size()), size, new SplittableRandom(7));
    List<String> indexed = words.subList(queries, words.size());
    return SearchSubjects.build(
        folder, indexed, vectors, real.subList(0, queries), words, updates, !isLong(), progress);
  }

  private List<Side> sides(SearchSubjects subjects, @Nullable String platform) {
    return subjects.present().stream()
        .map(subject -> new Side(subjects, subject, platform))
        .toList();
  }

  /** Has pgvector look just as widely as it takes to find what ours should; returns how widely. */
  private int widenPgVector(SearchSubjects subjects, @Nullable String platform, int[][] truth)
      throws Exception {
    int tried = 0;
    for (int breadth : BREADTHS_OF_PGVECTOR) {
      tried = breadth;
      subjects.presentPgVector().breadth(breadth);
      Side side = new Side(subjects, Subject.PGVECTOR, platform);
      for (int q = 0; q < truth.length; q++) {
        side.ask(subjects.query(q), truth[q], true);
      }
      if (side.recall() >= RECALL) {
        break;
      }
    }
    return tried;
  }

  private static void measure(SearchSubjects subjects, int[][] truth, List<Side> sides)
      throws Exception {
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

  private static Row row(String label, int decimals, List<Side> sides, Figure figure)
      throws Exception {
    Map<String, Double> figures = new LinkedHashMap<>();
    for (Side side : sides) {
      figures.put(side.subject.title, figure.of(side));
    }
    return new Row(label, decimals, figures);
  }

  /** One of those that are asked in turn; ours is the first. */
  private final class Side {
    private final SearchSubjects subjects;
    private final Subject subject;
    private final @Nullable String platform;
    private final Stopwatch times = new Stopwatch(queries * ROUNDS);
    private long found;
    private long wanted;

    Side(SearchSubjects subjects, Subject subject, @Nullable String platform) {
      this.subjects = subjects;
      this.subject = subject;
      this.platform = platform;
    }

    void ask(float[] query, int[] truth, boolean counts) throws Exception {
      if (!counts) {
        subjects.nearest(subject, query, platform, NEAREST);
        return;
      }
      int[][] answer = new int[1][];
      times.time(() -> answer[0] = subjects.nearest(subject, query, platform, NEAREST));
      wanted += truth.length;
      for (int number : answer[0]) {
        found += Arrays.stream(truth).filter(nearest -> nearest == number).count();
      }
    }

    double recall() {
      return (double) found / wanted;
    }
  }

  /** What one of them reached. */
  private interface Figure {
    double of(Side side) throws Exception;
  }
}
