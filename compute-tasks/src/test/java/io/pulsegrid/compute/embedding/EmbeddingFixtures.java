package io.pulsegrid.compute.embedding;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pulsegrid.compute.embedding.EmbeddingSettings.BatchListener;
import io.pulsegrid.compute.embedding.EmbeddingSettings.Engine;
import io.pulsegrid.core.search.Embedder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The two engines as tests open them, and the public data they are judged on. */
final class EmbeddingFixtures {
  private static final Path CACHE = Path.of("target/embedding-cache");

  private EmbeddingFixtures() {}

  static Embedder onnx() {
    return onnx(512, BatchListener.NONE);
  }

  static Embedder onnx(int batchTokens, BatchListener listener) {
    return Embedders.open(settings(Engine.ONNX, null, batchTokens, listener));
  }

  static Embedder pyTorch() {
    Path model = shared("models/all-minilm-l6-v2.pt");
    assumeTrue(
        EmbeddingFixtures.class.getClassLoader().getResource("native/lib/pytorch.properties")
            != null,
        "no PyTorch natives for this platform");
    return Embedders.open(settings(Engine.PYTORCH, model.toString(), 512, BatchListener.NONE));
  }

  static EmbeddingSettings settings(
      Engine engine, @Nullable String model, int batchTokens, BatchListener listener) {
    return new EmbeddingSettings(engine, model, "cpu", 2, 256, batchTokens, CACHE, listener);
  }

  /** A file of the public development data; without it the calling test is skipped by its name. */
  static Path shared(String path) {
    Path file = Path.of("../../shared").resolve(path);
    assumeTrue(Files.exists(file), "shared/" + path + " absent");
    return file;
  }

  /** Titles of Hacker News posts, as many as asked for, in the file's order. */
  static List<String> titles(int count) {
    return lines("data/engagement/hacker_news.csv").stream()
        .skip(1)
        .map(line -> line.split(",", 3))
        .filter(columns -> columns.length == 3 && !columns[1].startsWith("\""))
        .map(columns -> columns[1])
        .limit(count)
        .toList();
  }

  static List<String> lines(String path) {
    try {
      return Files.readAllLines(shared(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static double cosine(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }

  /** Spearman's rank correlation, ties sharing their mean rank. */
  static double spearman(double[] a, double[] b) {
    return pearson(ranks(a), ranks(b));
  }

  private static double[] ranks(double[] values) {
    int[] order =
        IntStream.range(0, values.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> values[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    double[] ranks = new double[values.length];
    int from = 0;
    while (from < order.length) {
      int to = from;
      while (to < order.length && values[order[to]] == values[order[from]]) {
        to++;
      }
      for (int i = from; i < to; i++) {
        ranks[order[i]] = (from + to - 1) / 2.0;
      }
      from = to;
    }
    return ranks;
  }

  private static double pearson(double[] a, double[] b) {
    double meanA = IntStream.range(0, a.length).mapToDouble(i -> a[i]).average().orElseThrow();
    double meanB = IntStream.range(0, b.length).mapToDouble(i -> b[i]).average().orElseThrow();
    double product = 0;
    double squareA = 0;
    double squareB = 0;
    for (int i = 0; i < a.length; i++) {
      product += (a[i] - meanA) * (b[i] - meanB);
      squareA += (a[i] - meanA) * (a[i] - meanA);
      squareB += (b[i] - meanB) * (b[i] - meanB);
    }
    return product / Math.sqrt(squareA * squareB);
  }
}
