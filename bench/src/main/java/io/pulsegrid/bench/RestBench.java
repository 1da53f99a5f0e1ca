package io.pulsegrid.bench;

import io.pulsegrid.bench.Outcome.Row;
import io.pulsegrid.bench.Outcome.Target;
import io.pulsegrid.sim.Sim;
import io.pulsegrid.sim.SimOptions;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * REST under a mixed load that does not wait for answers, from this process to three real nodes on
 * the same machine that hold posts, vectors and trends.
 */
final class RestBench implements Bench {
  private static final int NODES = 3;
  private static final int A_SECOND = 500;
  private static final int POSTS_FOR_A_SECOND = 100_000 / 300;

  /** On their way at once while nodes warm up: what they cannot take yet must not pile up. */
  private static final int AT_ONCE = 16;

  private static final Duration A_ROUND = Duration.ofSeconds(20);
  private static final int IDLE_ROUNDS = 4;
  private static final int MOST_ROUNDS = 30;
  private static final double FASTER = 1.02;

  private final Duration span;
  private final int posts;

  RestBench() {
    this(300, 100_000);
  }

  RestBench(int seconds, int posts) {
    this.span = Duration.ofSeconds(seconds);
    this.posts = posts;
  }

  @Override
  public String name() {
    return "rest";
  }

  @Override
  public String question() {
    return "answers of three nodes with %,d posts to %d mixed requests a second for %d s"
        .formatted(posts, A_SECOND, span.toSeconds());
  }

  @Override
  public boolean isLong() {
    return true;
  }

  /** For so many seconds, with posts in proportion. */
  @Override
  public Bench ofSize(int size) {
    return new RestBench(size, Math.max(1_000, size * POSTS_FOR_A_SECOND));
  }

  @Override
  public Outcome run(PrintStream progress) throws Exception {
    Path folder = Scratch.create();
    Path data = Files.createDirectory(folder.resolve("data"));
    try {
      FilledStore.fill(data, posts);
      progress.println("  filled a PostgreSQL with %,d posts".formatted(posts));
      try (Sim sim = Sim.start(SimOptions.local(0));
          GridUnderTest grid = GridUnderTest.start(NODES, folder);
          OpenLoad load = new OpenLoad()) {
        // Each with its whole index: before that it does not say that it is ready.
        progress.println("  %d nodes are ready".formatted(NODES));
        RestMix mix = RestMix.over(grid, BenchTexts.distinct(posts), sim.uri().toString());
        double busy = warmUp(load, mix, progress);
        Processors processors = new Processors();
        OpenLoad.Answers answers = load.run(span, A_SECOND, mix::next);
        double used = processors.used();
        tell("measured", answers, progress);
        return outcome(answers, used, busy);
      }
    } finally {
      Scratch.delete(folder);
    }
  }

  /** How many answers a second the nodes come to once they are warm. */
  private static double warmUp(OpenLoad load, RestMix mix, PrintStream progress) throws Exception {
    return WarmUp.rounds(
        IDLE_ROUNDS,
        MOST_ROUNDS,
        FASTER,
        () -> {
          OpenLoad.Answers answers = load.keepingBusy(A_ROUND, AT_ONCE, mix::next);
          double rate = answers.answered() / (double) A_ROUND.toSeconds();
          tell("warm-up, %d at once, %.0f/s".formatted(AT_ONCE, rate), answers, progress);
          return rate;
        });
  }

  private static void tell(String what, OpenLoad.Answers answers, PrintStream progress) {
    progress.println(
        "  %s: %,d answers, %d errors, slowest %.0f ms; sent late by %.2f ms at p99"
            .formatted(
                what,
                answers.answered(),
                answers.errors(),
                answers.slowestMillis(),
                answers.sentLate().millis(.99)));
    if (answers.firstError() != null) {
      progress.println("  the first error: " + answers.firstError());
    }
  }

  private Outcome outcome(OpenLoad.Answers answers, double used, double busy) {
    Map<String, Latencies> kinds = new LinkedHashMap<>();
    kinds.put("all", answers.all());
    kinds.putAll(answers.byKind());
    Latencies all = answers.all();
    return new Outcome(
        name(),
        List.of(
            row("p50, ms", .5, kinds),
            row("p95, ms", .95, kinds),
            row("p99, ms", .99, kinds),
            new Row("answers", 0, Map.of("all", (double) answers.answered())),
            new Row("answers/s with %d at once".formatted(AT_ONCE), 0, Map.of("all", busy)),
            new Row("processors in use, %", 0, Map.of("all", 100 * used))),
        List.of(
            Target.below("p95, ms", all.millis(.95), 20),
            Target.below("p99, ms", all.millis(.99), 60),
            Target.below("failed or not answered", (double) answers.errors(), 1)));
  }

  private static Row row(String label, double share, Map<String, Latencies> kinds) {
    Map<String, Double> figures = new LinkedHashMap<>();
    kinds.forEach((kind, latencies) -> figures.put(kind, latencies.millis(share)));
    return new Row(label, 1, figures);
  }
}
