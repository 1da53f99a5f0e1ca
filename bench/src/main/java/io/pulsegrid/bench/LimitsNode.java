package io.pulsegrid.bench;

import io.pulsegrid.core.limit.WindowRule;
import io.pulsegrid.node.grid.CacheShapes;
import io.pulsegrid.node.grid.GridConfiguration;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.ignite.Ignite;
import org.apache.ignite.Ignition;

/**
 * One node of the grid under {@link LimitsBench}, in a JVM of its own, which asks for leave on the
 * channels that live on it. It takes an order a line and answers in a line; it ends with its input.
 */
final class LimitsNode {
  static final String SAID = "> ";
  static final int BACKUPS = 1;
  private static final int REGION_MB = 256;
  private static final int THREADS = 2;
  private static final int AT_FIRST = 64;

  private final Ignite ignite;
  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

  private LimitsNode(Ignite ignite) {
    this.ignite = ignite;
  }

  /** Arguments: a folder, this node's index, how many nodes, the first of their ports. */
  public static void main(String[] args) throws Exception {
    int index = Integer.parseInt(args[1]);
    int nodes = Integer.parseInt(args[2]);
    BareGrid grid = new BareGrid(nodes, Integer.parseInt(args[3]), BACKUPS, REGION_MB);
    Ignite ignite = Ignition.start(grid.node(index, Path.of(args[0])));
    GridConfiguration.afterStart(ignite);
    LimitsNode node = new LimitsNode(ignite);
    say("ready");
    BufferedReader orders =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String order = orders.readLine(); order != null; order = orders.readLine()) {
      say(node.obey(Order.parse(order)));
    }
    node.threads.shutdownNow();
    Ignition.stop(ignite.name(), true);
  }

  private static void say(String line) {
    System.out.println(SAID + line);
    System.out.flush();
  }

  /**
   * What to do.
   *
   * @param kind gather, begin, run, rush or clear
   * @param who ours, or the peer's
   * @param stage names the channels, so that each stage has its own
   */
  record Order(String kind, String who, String stage, WindowRule rule, Load load) {

    /**
     * How much of it.
     *
     * @param channels how many of them live on each node
     * @param width how many are asked together
     * @param each how often each wants to act
     * @param pauseMillis between the beginnings of two rounds; 0 for none
     */
    record Load(int channels, int width, int each, long millis, long pauseMillis) {}

    /** The same with the same channels. */
    Order as(String otherKind) {
      return new Order(otherKind, who, stage, rule, load);
    }

    String line() {
      return String.join(
          " ",
          kind,
          who,
          stage,
          String.valueOf(rule.limit()),
          String.valueOf(rule.window().toMillis()),
          String.valueOf(load.channels()),
          String.valueOf(load.width()),
          String.valueOf(load.each()),
          String.valueOf(load.millis()),
          String.valueOf(load.pauseMillis()));
    }

    static Order parse(String line) {
      String[] words = line.split(" ", -1);
      int[] numbers =
          IntStream.range(3, words.length).map(i -> Integer.parseInt(words[i])).toArray();
      return new Order(
          words[0],
          words[1],
          words[2],
          new WindowRule(numbers[0], Duration.ofMillis(numbers[1])),
          new Load(numbers[2], numbers[3], numbers[4], numbers[5], numbers[6]));
    }
  }

  private String obey(Order order) throws Exception {
    return switch (order.kind()) {
      case "gather" -> gather(order.load().channels());
      case "begin" -> begin(order);
      case "run" -> run(order);
      case "rush" -> rush(order);
      case "clear" -> clear();
      default -> throw new IOException("no such order: " + order);
    };
  }

  /** Waits until the grid is whole. */
  private String gather(int nodes) {
    while (ignite.cluster().currentBaselineTopology() == null
        || ignite.cluster().currentBaselineTopology().size() < nodes) {
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
    }
    // Both caches are there before anything is timed.
    limiter(
        new Order(
            "gather",
            LimitsBench.OURS,
            "",
            new WindowRule(1, Duration.ofSeconds(1)),
            new Order.Load(0, 0, 0, 0, 0)));
    CacheShapes.open(ignite, CacheShapes.<String, byte[]>partitioned(BucketLimiter.CACHE, BACKUPS));
    return "whole";
  }

  /** Answers how many were granted, how many rounds, and how long each waited for its leave. */
  private String run(Order order) throws Exception {
    List<Callable<Round>> tasks = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      List<String> channels = channels(order, i);
      tasks.add(
          () -> {
            try (Limiter limiter = limiter(order)) {
              return rounds(limiter, order.load(), channels);
            }
          });
    }
    Latencies latencies = new Latencies();
    long granted = 0;
    for (Future<Round> round : threads.invokeAll(tasks)) {
      granted += round.get().granted();
      latencies.addAll(round.get().latencies());
    }
    return granted + " " + latencies.word();
  }

  private record Round(long granted, Latencies latencies) {}

  private static Round rounds(Limiter limiter, Order.Load load, List<String> channels)
      throws Exception {
    Latencies latencies = new Latencies();
    // Nodes are not in step with each other: all rounds at the same instant would queue for the
    // processors, whoever gives the leave.
    LockSupport.parkNanos(
        (long) (ThreadLocalRandom.current().nextDouble() * load.pauseMillis() * 1_000_000));
    long granted = 0;
    long start = System.nanoTime();
    long end = start + Duration.ofMillis(load.millis()).toNanos();
    long next = start;
    int at = 0;
    for (long now = start; now < end; now = System.nanoTime()) {
      List<String> asked = new ArrayList<>(load.width());
      for (int i = 0; i < load.width(); i++) {
        asked.add(channels.get(at));
        at = (at + 1) % channels.size();
      }
      granted += limiter.take(asked, load.each());
      latencies.add(System.nanoTime() - now);
      limiter.done();
      next += Duration.ofMillis(load.pauseMillis()).toNanos();
      while (load.pauseMillis() > 0 && System.nanoTime() < next) {
        LockSupport.parkNanos(next - System.nanoTime());
      }
    }
    return new Round(granted, latencies);
  }

  /** Asks each channel once, before anything counts: what comes first of all is another story. */
  private String begin(Order order) throws Exception {
    try (Limiter limiter = limiter(order)) {
      for (int i = 0; i < THREADS; i++) {
        List<String> channels = channels(order, i);
        for (int from = 0; from < channels.size(); from += AT_FIRST) {
          List<String> some = channels.subList(from, Math.min(from + AT_FIRST, channels.size()));
          long _ = limiter.take(some, 1);
          limiter.done();
        }
      }
    }
    return "begun";
  }

  /** Asks for one channel's leave all the time; answers when it had it, in milliseconds. */
  private String rush(Order order) throws Exception {
    List<Long> times = new ArrayList<>();
    long end = System.nanoTime() + Duration.ofMillis(order.load().millis()).toNanos();
    try (Limiter limiter = limiter(order)) {
      while (System.nanoTime() < end) {
        long granted = limiter.take(List.of(order.stage()), order.load().each());
        for (long i = 0; i < granted; i++) {
          times.add(System.currentTimeMillis());
        }
        limiter.done();
        LockSupport.parkNanos(Duration.ofMillis(order.load().pauseMillis()).toNanos());
      }
    }
    return times.stream().map(String::valueOf).collect(Collectors.joining(",", "t", ""));
  }

  /** Forgets every channel, on all nodes. */
  private String clear() {
    ignite.cacheNames().forEach(name -> ignite.cache(name).clear());
    return "clear";
  }

  private Limiter limiter(Order order) {
    return order.who().equals(LimitsBench.OURS)
        ? new WindowLimiter(ignite, BACKUPS, order.rule())
        : new BucketLimiter(ignite, BACKUPS, order.rule());
  }

  /** As publishing does: a node asks for the channels that live on it. The same for both. */
  private List<String> channels(Order order, int thread) {
    var affinity = ignite.<String>affinity(BucketLimiter.CACHE);
    return IntStream.iterate(0, i -> i + 1)
        .mapToObj(i -> order.stage() + "-" + thread + "-" + i)
        .filter(name -> affinity.isPrimary(ignite.cluster().localNode(), name))
        .limit(Math.max(1, order.load().channels() / THREADS))
        .toList();
  }
}
