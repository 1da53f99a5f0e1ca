package io.pulsegrid.bench;

import io.pulsegrid.bench.Outcome.Row;
import io.pulsegrid.bench.Outcome.Target;
import io.pulsegrid.bench.peer.DbSchedulerNode;
import io.pulsegrid.bench.peer.QuartzNode;
import io.pulsegrid.node.store.embedded.EmbeddedStore;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How many deliveries a second go from due to settled in PostgreSQL, and how late at half of that;
 * beside other schedulers that do the same work with as many nodes on the same PostgreSQL, machine
 * and stand-in platform.
 */
final class PublishBench implements Bench {
  private static final String OURS = "pulsegrid";

  /** With fewer the compilers of three nodes are at their busiest while it counts. */
  private static final int FEWEST_ROUNDS = 6;

  private static final int MOST_ROUNDS = 10;

  /** A round that is not so much faster than the best before it is as fast as they get. */
  private static final double FASTER = 1.1;

  private static final Duration ANSWERS_IN = Duration.ofMillis(20);

  private final Size size;

  /**
   * How much is done.
   *
   * @param warm deliveries of a round before the first that count: caches, pools, compilers; there
   *     are as many rounds as it takes until the next is no faster
   * @param measured deliveries that are due at one moment
   * @param slow the same of who is known to be slow
   * @param paced how long deliveries come due at half the rate
   */
  record Size(int nodes, int channels, int warm, int measured, int slow, Duration paced) {}

  PublishBench() {
    this(new Size(3, 100, 10_000, 20_000, 4_000, Duration.ofSeconds(20)));
  }

  PublishBench(Size size) {
    this.size = size;
  }

  @Override
  public String name() {
    return "publish";
  }

  @Override
  public String question() {
    return "deliveries/s from due to settled, %d nodes, %d channels, a platform that answers in %d ms"
        .formatted(size.nodes(), size.channels(), ANSWERS_IN.toMillis());
  }

  @Override
  public Outcome run(PrintStream progress) throws Exception {
    Path folder = Scratch.create();
    Map<String, Map<String, Double>> figures = new LinkedHashMap<>();
    try (StandIn platform = StandIn.start(ANSWERS_IN)) {
      PublishScene scene = new PublishScene(platform, folder.resolve("data"));
      try (OurNodes ours = OurNodes.start(size.nodes(), size.channels(), folder, platform)) {
        measure(ours, scene, size.warm(), size.measured(), figures, progress);
      }
      try (EmbeddedStore store = EmbeddedStore.start(folder.resolve("data"))) {
        for (String kind : List.of(DbSchedulerNode.KIND, QuartzNode.KIND)) {
          int measured = kind.equals(QuartzNode.KIND) ? size.slow() : size.measured();
          int warm = Math.min(size.warm(), measured / FEWEST_ROUNDS);
          PeerNodes.Order order = new PeerNodes.Order(kind, size.nodes(), size.channels());
          try (PeerNodes peer = PeerNodes.start(order, store.url(), platform)) {
            measure(peer, scene, warm, measured, figures, progress);
          }
        }
      }
    } finally {
      Scratch.delete(folder);
    }
    return outcome(figures);
  }

  private void measure(
      Contender contender,
      PublishScene scene,
      int warm,
      int measured,
      Map<String, Map<String, Double>> figures,
      PrintStream progress)
      throws Exception {
    progress.println(contender.name());
    scene.platform().forget();
    PublishRun run = new PublishRun(contender, scene, progress);
    warmUp(run, warm);
    double rate = run.burst(measured);
    run.paced(rate / 2, size.paced());
    run.figures()
        .forEach(
            (label, figure) ->
                figures
                    .computeIfAbsent(label, _ -> new LinkedHashMap<>())
                    .put(contender.name(), figure));
  }

  private static void warmUp(PublishRun run, int deliveries) throws Exception {
    double best = 0;
    for (int round = 0; round < MOST_ROUNDS; round++) {
      double rate = run.warm(deliveries);
      if (round >= FEWEST_ROUNDS && rate < best * FASTER) {
        return;
      }
      best = Math.max(best, rate);
    }
  }

  private Outcome outcome(Map<String, Map<String, Double>> figures) {
    List<Row> rows = new ArrayList<>();
    figures.forEach((label, values) -> rows.add(new Row(label, 2, values)));
    Map<String, Double> rates = figures.getOrDefault(PublishRun.RATE, Map.of());
    Map<String, Double> late = figures.getOrDefault(PublishRun.LATE_P99, Map.of());
    Map<String, Double> twice = figures.getOrDefault(PublishRun.TWICE, Map.of());
    Map<String, Double> never = figures.getOrDefault(PublishRun.NEVER, Map.of());
    double ours = rates.getOrDefault(OURS, 0.0);
    List<Target> targets = new ArrayList<>();
    targets.add(Target.atLeast("deliveries/s", ours, 1_000));
    targets.add(Target.below("late at half of that, p99 ms", late.getOrDefault(OURS, 1e9), 1_000));
    targets.add(Target.below("twice on the platform", twice.getOrDefault(OURS, 1e9), 1));
    targets.add(Target.below("never on the platform", never.getOrDefault(OURS, 1e9), 1));
    for (String kind : List.of(DbSchedulerNode.KIND, QuartzNode.KIND)) {
      targets.add(Target.atLeast("against " + kind, ours / rates.getOrDefault(kind, 1.0), 1));
    }
    return new Outcome(name(), rows, targets);
  }
}
