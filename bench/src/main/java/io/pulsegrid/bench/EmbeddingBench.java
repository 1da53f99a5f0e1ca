package io.pulsegrid.bench;

import io.pulsegrid.bench.Outcome.Row;
import io.pulsegrid.bench.Outcome.Target;
import io.pulsegrid.compute.embedding.Embedders;
import io.pulsegrid.compute.embedding.EmbeddingSettings;
import io.pulsegrid.compute.embedding.EmbeddingSettings.BatchListener;
import io.pulsegrid.compute.embedding.EmbeddingSettings.Engine;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.search.Embedder;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Our embedder beside loops over bare ONNX Runtime, and beside PyTorch where that is at hand. */
final class EmbeddingBench implements Bench {
  private static final String OURS = "pulsegrid";
  private static final String PLAIN = "bare ort";
  private static final String BEST = "bare ort, best";
  private static final String PYTORCH = "pytorch fp32";

  /** How many posts the pipeline of a node embeds at a time. */
  private static final int CALL = 500;

  private static final int BATCH_TOKENS = 512;

  /** ONNX Runtime's threads spin for a while after a batch, at the cost of whoever comes next. */
  private static final int SETTLE_MILLIS = 50;

  private final int texts;
  private final int rounds;
  private final int threads = Runtime.getRuntime().availableProcessors();

  EmbeddingBench() {
    this(4_000, 7);
  }

  EmbeddingBench(int texts, int rounds) {
    this.texts = texts;
    this.rounds = rounds;
  }

  @Override
  public String name() {
    return "embedding";
  }

  @Override
  public String question() {
    return "texts a second through our batching, beside bare ONNX Runtime with the model as published";
  }

  @Override
  public Outcome run(PrintStream progress) throws Exception {
    List<String> sample = BenchTexts.distinct(texts);
    Path cache = Scratch.create();
    try (Embedder ours = open(Engine.ONNX, null, cache);
        BareOnnx plain = new BareOnnx(threads);
        BareOnnx single = new BareOnnx(1)) {
      BareOnnxThreads best = new BareOnnxThreads(single, threads, BATCH_TOKENS);
      Map<String, Competitor> systems = new LinkedHashMap<>();
      systems.put(OURS, ours::embed);
      systems.put(PLAIN, part -> plain.embed(part, 32));
      systems.put(BEST, best::embed);
      Map<String, double[]> rates = measure(systems, sample, rounds, progress);
      Double pyTorch = pyTorch(cache, sample.subList(0, Math.min(500, texts)), progress);
      return outcome(rates, pyTorch);
    } finally {
      Scratch.delete(cache);
    }
  }

  private Outcome outcome(Map<String, double[]> rates, @Nullable Double pyTorch) {
    Map<String, Double> medians = new LinkedHashMap<>();
    rates.forEach((system, perRound) -> medians.put(system, median(perRound)));
    if (pyTorch != null) {
      medians.put(PYTORCH, pyTorch);
    }
    double plain = ratio(rates, PLAIN);
    double best = ratio(rates, BEST);
    Map<String, Double> ratios = new LinkedHashMap<>();
    ratios.put(PLAIN, plain);
    ratios.put(BEST, best);
    return new Outcome(
        name(),
        List.of(
            new Row("texts/s, %d threads".formatted(threads), 0, medians),
            new Row("ours against it", 2, ratios)),
        List.of(
            Target.atLeast("against bare ONNX Runtime, batches of 32", plain, 0.9),
            Target.atLeast("against bare ONNX Runtime, batched as we do", best, 0.9)));
  }

  // Turn by turn in short turns, so that what else the machine does falls on all of them alike.
  private static Map<String, double[]> measure(
      Map<String, Competitor> systems, List<String> texts, int rounds, PrintStream progress)
      throws Exception {
    Map<String, double[]> rates = new LinkedHashMap<>();
    systems.keySet().forEach(system -> rates.put(system, new double[rounds]));
    for (int round = -1; round < rounds; round++) { // the first is to warm up
      Map<String, Long> nanos = round(systems, texts);
      StringBuilder line = new StringBuilder();
      for (Map.Entry<String, Long> system : nanos.entrySet()) {
        double rate = texts.size() / (system.getValue() / 1e9);
        line.append("  %s %.0f/s".formatted(system.getKey(), rate));
        double[] perRound = rates.get(system.getKey());
        if (round >= 0 && perRound != null) {
          perRound[round] = rate;
        }
      }
      progress.println((round < 0 ? "warm-up:" : "round " + (round + 1) + ":") + line);
    }
    return rates;
  }

  private static Map<String, Long> round(Map<String, Competitor> systems, List<String> texts)
      throws Exception {
    Map<String, Long> nanos = new LinkedHashMap<>();
    systems.keySet().forEach(system -> nanos.put(system, 0L));
    List<Map.Entry<String, Competitor>> order = new ArrayList<>(systems.entrySet());
    for (int from = 0; from < texts.size(); from += CALL) {
      List<String> part = texts.subList(from, Math.min(texts.size(), from + CALL));
      for (Map.Entry<String, Competitor> system : order) {
        Thread.sleep(SETTLE_MILLIS);
        long start = System.nanoTime();
        system.getValue().embed(part);
        nanos.merge(system.getKey(), System.nanoTime() - start, Long::sum);
      }
      Collections.rotate(order, 1); // nobody always follows the same one
    }
    return nanos;
  }

  private @Nullable Double pyTorch(Path cache, List<String> sample, PrintStream progress)
      throws Exception {
    Path model = BenchTexts.shared().resolve("models/all-minilm-l6-v2.pt");
    if (!Files.exists(model)) {
      progress.println("no PyTorch figure: there is no " + model);
      return null;
    }
    try (Embedder embedder = open(Engine.PYTORCH, model.toString(), cache)) {
      Map<String, Competitor> system = Map.of(PYTORCH, embedder::embed);
      double[] rates = measure(system, sample, 3, progress).get(PYTORCH);
      return rates == null ? null : median(rates);
    } catch (PulsegridException e) {
      progress.println("no PyTorch figure: " + e.getMessage());
      return null;
    }
  }

  private Embedder open(Engine engine, @Nullable String model, Path cache) {
    return Embedders.open(
        new EmbeddingSettings(
            engine, model, "cpu", threads, 256, BATCH_TOKENS, cache, BatchListener.NONE));
  }

  private static double ratio(Map<String, double[]> rates, String peer) {
    double[] ours = rates.getOrDefault(OURS, new double[0]);
    double[] theirs = rates.getOrDefault(peer, new double[0]);
    double[] ratios = new double[ours.length];
    Arrays.setAll(ratios, i -> ours[i] / theirs[i]);
    return median(ratios);
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /** Something that embeds. */
  private interface Competitor {
    void embed(List<String> texts) throws Exception;
  }
}
