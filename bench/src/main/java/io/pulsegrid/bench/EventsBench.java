package io.pulsegrid.bench;

import io.pulsegrid.bench.Outcome.Row;
import io.pulsegrid.bench.Outcome.Target;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Many listeners to the event streams of three real nodes on this machine, all in one process: how
 * soon each of them hears of a post after its import was sent, and what memory it takes of the
 * nodes to have them.
 */
final class EventsBench implements Bench {
  private static final int NODES = 3;
  private static final int EVENTS = 30;
  private static final int WARM_UP = 30;
  private static final int FIRST = 60;
  private static final Duration BETWEEN = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final int subscribers;

  EventsBench() {
    this(10_000);
  }

  EventsBench(int subscribers) {
    this.subscribers = subscribers;
  }

  @Override
  public String name() {
    return "events";
  }

  @Override
  public String question() {
    return "how soon %,d subscribers to three nodes hear of an event, and the memory they take"
        .formatted(subscribers);
  }

  @Override
  public boolean isLong() {
    return true;
  }

  /** With so many subscribers. */
  @Override
  public Bench ofSize(int size) {
    return new EventsBench(size);
  }

  @Override
  public Outcome run(PrintStream progress) throws Exception {
    Path folder = Scratch.create();
    try (GridUnderTest grid = GridUnderTest.start(NODES, folder)) {
      warmUp(grid);
      Map<String, Double> before = memory(grid);
      try (Audience audience = new Audience(grid, subscribers, EVENTS)) {
        long start = System.nanoTime();
        audience.join(subscribers);
        double joined = (System.nanoTime() - start) / 1e9;
        Map<String, Double> listening = memory(grid);
        progress.println("  %,d listen after %.1f s".formatted(subscribers, joined));
        Processors processors = new Processors();
        tell(grid, audience, EVENTS, "measured", BETWEEN);
        double used = processors.used();
        boolean _ = audience.awaitHeard(EVENTS * subscribers, PATIENCE);
        return outcome(audience, List.of(before, listening, memory(grid)), used);
      }
    } finally {
      Scratch.delete(folder);
    }
  }

  /** A few who hear a few events: all code that serves them is there before memory is looked at. */
  private static void warmUp(GridUnderTest grid) throws IOException, InterruptedException {
    try (Audience first = new Audience(grid, FIRST, WARM_UP)) {
      first.join(FIRST);
      tell(grid, first, WARM_UP, "warm", Duration.ofMillis(100));
      if (!first.awaitHeard(WARM_UP * FIRST, PATIENCE)) {
        throw new IOException(
            "%d of %d hearings after %s".formatted(first.heard(), WARM_UP * FIRST, PATIENCE));
      }
    }
  }

  private static void tell(
      GridUnderTest grid, Audience audience, int events, String platform, Duration between)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    for (int event = 0; event < events; event++) {
      long due = start + between.toNanos() * event;
      Thread.sleep(Duration.ofNanos(Math.max(0, due - System.nanoTime())));
      String line =
          "{\"platform\":\"%s\",\"nativeId\":\"%s%d\",\"title\":\"An event\",\"publishedAt\":\"%s\"}"
              .formatted(platform, Hearing.MARK, event, Instant.now());
      audience.causes(event);
      String _ = grid.post("/posts/import", "application/x-ndjson", line);
    }
  }

  private Outcome outcome(Audience audience, List<Map<String, Double>> memory, double used) {
    double[] lags = audience.lagsMillis();
    String all = "all";
    double missed = (double) EVENTS * subscribers - lags.length;
    double more = 0;
    for (Map.Entry<String, Double> after : memory.getLast().entrySet()) {
      double before = memory.getFirst().getOrDefault(after.getKey(), Double.NaN);
      more = Math.max(more, after.getValue() - before);
    }
    return new Outcome(
        name(),
        List.of(
            new Row("heard after, p50 ms", 1, Map.of(all, share(lags, .5))),
            new Row("heard after, p99 ms", 1, Map.of(all, share(lags, .99))),
            new Row("heard after, at most ms", 1, Map.of(all, share(lags, 1))),
            new Row("processors in use, %", 0, Map.of(all, 100 * used)),
            new Row("memory before, MB", 0, memory.getFirst()),
            new Row("memory with all of them, MB", 0, memory.get(1)),
            new Row("memory after the events, MB", 0, memory.getLast())),
        List.of(
            Target.below("heard after at most, s", share(lags, 1) / 1_000, 2),
            Target.below("not heard", missed, 1),
            Target.below("memory more on a node, MB", more, 1024)));
  }

  private static double share(double[] sorted, double share) {
    return sorted.length == 0
        ? Double.NaN
        : sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)];
  }

  /** What each node's process holds of the machine's memory, in MB. */
  private static Map<String, Double> memory(GridUnderTest grid) throws IOException {
    Map<String, Double> held = new LinkedHashMap<>();
    grid.residentMegabytes().forEach(megabytes -> held.put("node " + held.size(), megabytes));
    return held;
  }
}
