package io.pulsegrid.bench;

import io.pulsegrid.bench.LimitsNode.Order;
import io.pulsegrid.bench.Outcome.Row;
import io.pulsegrid.bench.Outcome.Target;
import io.pulsegrid.core.limit.WindowRule;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How fast the sliding windows give leave, and how much of it, beside bucket4j's token buckets:
 * both on one grid of three nodes in JVMs of their own, in caches of the same shape, asked from all
 * nodes at once.
 */
final class LimitsBench implements Bench {
  static final String OURS = "pulsegrid";
  private static final String PEER = "bucket4j-ignite";
  private static final List<String> BOTH = List.of(OURS, PEER);
  private static final int NODES = 3;

  /** As publishing asks: a round is some channels, of each a few. */
  private static final int WIDTH = 16;

  private static final int EACH = 2;

  /** Three nodes of two threads, a round every 50 ms: 3,840 permits a second. */
  private static final long PACE_MILLIS = 50;

  private static final int MOST_WARM_ROUNDS = 16;
  private static final int IDLE_WARM_ROUNDS = 3;
  private static final double FASTER = 1.1;

  private static final WindowRule RUSHED = new WindowRule(100, Duration.ofSeconds(2));

  private final List<Integer> limits;
  private final long millis;
  private final int rounds;
  private int stages;

  /** The best of four rounds, the two taking turns: a machine has slow seconds of its own. */
  LimitsBench() {
    this(List.of(8, 64, 512), 3_000, 4);
  }

  LimitsBench(List<Integer> limits, long millis, int rounds) {
    this.limits = List.copyOf(limits);
    this.millis = millis;
    this.rounds = rounds;
  }

  @Override
  public String name() {
    return "limits";
  }

  @Override
  public String question() {
    return "permits/s, latency and counts of the sliding windows beside bucket4j on the same grid";
  }

  /** What one stage came to on all nodes. */
  private record Result(double perSecond, Latencies latencies) {}

  @Override
  public Outcome run(PrintStream progress) throws Exception {
    List<Row> rows = new ArrayList<>();
    List<Target> targets = new ArrayList<>();
    Path folder = Scratch.create();
    List<GridProcess> nodes = new ArrayList<>();
    try {
      int port = FreePorts.inARow(2 * NODES);
      for (int i = 0; i < NODES; i++) {
        nodes.add(GridProcess.start(folder, i, NODES, port));
      }
      all(
          nodes,
          order("gather", OURS, new WindowRule(1, Duration.ofSeconds(1)), NODES, 0, 0, 0, 0));
      warmUp(nodes);
      for (int limit : limits) {
        compare(nodes, limit, rows, targets, progress);
      }
      rush(nodes, rows, targets);
    } finally {
      nodes.forEach(GridProcess::close);
      Scratch.delete(folder);
    }
    return new Outcome(name(), rows, targets);
  }

  /**
   * Until either is no faster than before, on the windows that are asked first: the first stage
   * that counts was a third as fast else.
   */
  private void warmUp(List<GridProcess> nodes) throws Exception {
    int first = limits.getFirst();
    for (String who : BOTH) {
      double _ =
          WarmUp.rounds(
              IDLE_WARM_ROUNDS,
              MOST_WARM_ROUNDS,
              FASTER,
              () -> {
                Result many =
                    result(
                        nodes,
                        order("run", who, rule(first), channels(first), WIDTH, EACH, millis, 0));
                Result _ =
                    result(
                        nodes,
                        order("run", who, rule(first), channels(first), 1, 1, millis / 2, 0));
                return many.perSecond();
              });
    }
  }

  private void compare(
      List<GridProcess> nodes,
      int limit,
      List<Row> rows,
      List<Target> targets,
      PrintStream progress)
      throws Exception {
    Map<String, Double> batched = new LinkedHashMap<>();
    Map<String, Double> single = new LinkedHashMap<>();
    Map<String, Double> p50 = new LinkedHashMap<>();
    Map<String, Double> p99 = new LinkedHashMap<>();
    for (int round = 0; round < rounds; round++) {
      for (String who : BOTH) {
        int channels = channels(limit);
        Result many =
            result(nodes, order("run", who, rule(limit), channels, WIDTH, EACH, millis, 0));
        batched.merge(who, many.perSecond(), Math::max);
        Result one = result(nodes, order("run", who, rule(limit), channels, 1, 1, millis, 0));
        single.merge(who, one.perSecond(), Math::max);
        Result paced =
            result(
                nodes,
                order("run", who, rule(limit), channels, WIDTH, EACH, 2 * millis, PACE_MILLIS));
        p50.merge(who, paced.latencies().millis(0.5), Math::min);
        p99.merge(who, paced.latencies().millis(0.99), Math::min);
        progress.println(
            "limit %d, round %d, %s: %,.0f/s in batches, %,.0f/s one by one, p99 %.2f ms"
                .formatted(
                    limit,
                    round + 1,
                    who,
                    many.perSecond(),
                    one.perSecond(),
                    paced.latencies().millis(0.99)));
      }
    }
    String of = "limit " + limit + ": ";
    rows.add(new Row(of + "permits/s, %d channels x %d".formatted(WIDTH, EACH), 0, batched));
    rows.add(new Row(of + "permits/s, one by one", 0, single));
    rows.add(new Row(of + "a batch at 3,840/s, p50 ms", 2, p50));
    rows.add(new Row(of + "a batch at 3,840/s, p99 ms", 2, p99));
    targets.add(Target.atLeast(of + "permits/s against bucket4j", ratio(batched), 1));
    targets.add(Target.below(of + "p99 of a batch, ms", p99.getOrDefault(OURS, 0.0), 2));
  }

  /** One channel that all nodes want at once: how much of it passes in any one window. */
  private void rush(List<GridProcess> nodes, List<Row> rows, List<Target> targets)
      throws Exception {
    Map<String, Double> most = new LinkedHashMap<>();
    for (String who : BOTH) {
      // Three windows and a half.
      long lasting = RUSHED.window().toMillis() * 7 / 2;
      List<String> answers = all(nodes, order("rush", who, RUSHED, 1, 1, 4, lasting, 2));
      long[] times =
          answers.stream()
              .flatMap(answer -> Arrays.stream(answer.substring(1).split(",", -1)))
              .filter(time -> !time.isEmpty())
              .mapToLong(Long::parseLong)
              .sorted()
              .toArray();
      most.put(who, (double) mostWithin(times, RUSHED.window().toMillis()));
    }
    rows.add(new Row("most in any 2 s, of %d allowed".formatted(RUSHED.limit()), 0, most));
    targets.add(
        Target.below(
            "most in any window of ours", most.getOrDefault(OURS, 0.0), RUSHED.limit() + 1));
  }

  static int mostWithin(long[] sorted, long window) {
    int most = 0;
    int from = 0;
    for (int i = 0; i < sorted.length; i++) {
      while (sorted[i] - sorted[from] >= window) {
        from++;
      }
      most = Math.max(most, i - from + 1);
    }
    return most;
  }

  private Result result(List<GridProcess> nodes, Order order) throws Exception {
    Latencies latencies = new Latencies();
    long granted = 0;
    List<String> _ = all(nodes, order.as("begin"));
    for (String answer : all(nodes, order)) {
      String[] words = answer.split(" ", 2);
      granted += Long.parseLong(words[0]);
      latencies.addAll(Latencies.parse(words[1]));
    }
    // Each stage has channels of its own: with those of all before it the grid would fill up.
    List<String> _ = all(nodes.subList(0, 1), order.as("clear"));
    return new Result(granted * 1_000.0 / order.load().millis(), latencies);
  }

  private static List<String> all(List<GridProcess> nodes, Order order)
      throws IOException, InterruptedException {
    for (GridProcess node : nodes) {
      node.order(order.line());
    }
    List<String> answers = new ArrayList<>();
    for (GridProcess node : nodes) {
      answers.add(node.answer());
    }
    return answers;
  }

  private Order order(
      String kind,
      String who,
      WindowRule rule,
      int channels,
      int width,
      int each,
      long lasting,
      long pause) {
    return new Order(
        kind, who, "s" + stages++, rule, new Order.Load(channels, width, each, lasting, pause));
  }

  private static WindowRule rule(int limit) {
    return new WindowRule(limit, Duration.ofSeconds(2));
  }

  /**
   * So many on each node that 300,000 permits a second fit: far more than either gives. With fewer
   * the figures would tell how much each lets through, of which a bucket's first window holds twice
   * the limit, and not how fast it is.
   */
  private static int channels(int limit) {
    return Math.max(2 * WIDTH, 300_000 * 2 / NODES / limit);
  }

  private static double ratio(Map<String, Double> figures) {
    return figures.getOrDefault(OURS, 0.0) / figures.getOrDefault(PEER, 1.0);
  }
}
