package io.pulsegrid.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One grid put to work: posts in, twice, then at an even pace beside searches, then deliveries out;
 * what that took between its nodes and of the machine.
 */
final class ScaleRun {
  private static final int CHANNELS = 20;
  private static final Duration IDLE = Duration.ofSeconds(10);
  private static final Duration LIVE = Duration.ofSeconds(20);
  private static final int LIVE_POSTS = 1_000;
  private static final String MEMORY = "pulsegrid_grid_memory_used_bytes";

  private final GridUnderTest grid;
  private final PrintStream progress;
  private final Map<String, Double> figures = new LinkedHashMap<>();
  private final Processors processors = new Processors();

  ScaleRun(GridUnderTest grid, PrintStream progress) {
    this.grid = grid;
    this.progress = progress;
  }

  /** Counters of the whole grid at one moment. */
  private record Counted(long nanos, double messages, double bytes) {
    static Counted of(GridUnderTest grid) throws IOException, InterruptedException {
      return new Counted(
          System.nanoTime(),
          grid.total("pulsegrid_grid_sent_messages_total"),
          grid.total("pulsegrid_grid_sent_bytes_total"));
    }

    /** What was sent since, in a second. */
    Counted aSecondSince(Counted before) {
      double seconds = (nanos - before.nanos) / 1e9;
      return new Counted(
          nanos, (messages - before.messages) / seconds, (bytes - before.bytes) / seconds);
    }

    /** What each of some things took since, beyond what is sent while nothing happens. */
    Counted eachSince(Counted before, Counted idleASecond, int things) {
      double seconds = (nanos - before.nanos) / 1e9;
      return new Counted(
          nanos,
          (messages - before.messages - seconds * idleASecond.messages) / things,
          (bytes - before.bytes - seconds * idleASecond.bytes) / things);
    }
  }

  Map<String, Double> measure(int posts, int postsAChannel, int simPort) throws Exception {
    List<String> texts = BenchTexts.distinct(2 * posts + LIVE_POSTS);
    Intake intake = new Intake(grid);
    // The first half fills caches, pages and the compilers' knowledge; only the second counts.
    double _ = intake.take(texts.subList(0, posts), "warm");
    long _ = intake.awaitDone();
    Counted idle = idle();
    postsIn(intake, texts.subList(posts, 2 * posts), idle);
    liveTraffic(texts.subList(2 * posts, texts.size()));
    deliveriesOut(postsAChannel, simPort, idle);
    return figures;
  }

  private Counted idle() throws IOException, InterruptedException {
    Counted before = Counted.of(grid);
    Thread.sleep(IDLE);
    Counted idle = Counted.of(grid).aSecondSince(before);
    tell("messages/s, idle", idle.messages());
    tell("bytes/s, idle", idle.bytes());
    return idle;
  }

  private void postsIn(Intake intake, List<String> posts, Counted idle)
      throws IOException, InterruptedException {
    double memory = grid.total(MEMORY);
    Counted before = Counted.of(grid);
    processors.begin();
    long start = System.nanoTime();
    double takenIn = intake.take(posts, "measured");
    long done = intake.awaitDone();
    double worked = processors.seconds();
    Counted each = Counted.of(grid).eachSince(before, idle, posts.size());
    tell("posts/s taken in", posts.size() / takenIn);
    tell("posts/s up to their trends", posts.size() / ((done - start) / 1e9));
    tell("processor ms a post", worked * 1_000 / posts.size());
    tell("messages a post", each.messages());
    tell("bytes a post", each.bytes());
    tell(
        "MB outside the heap a node for 100,000 posts",
        (grid.total(MEMORY) - memory) / posts.size() * 100_000 / grid.nodes() / (1 << 20));
    // The warm ones are in the index too, as many again.
    tell(
        "MB of index on disk a node for 100,000 posts",
        grid.indexBytes() / (2.0 * posts.size()) * 100_000 / grid.nodes() / (1 << 20));
  }

  private void liveTraffic(List<String> posts) throws Exception {
    LiveTraffic live = new LiveTraffic(grid, posts, LIVE);
    processors.begin();
    live.run();
    tell("processors in use at %d posts/s, %%".formatted(pace()), 100 * processors.used());
    tell("found after its acknowledgement, p50 ms", live.lagMillis(0.5));
    tell("found after its acknowledgement, p95 ms", live.lagMillis(0.95));
    tell("search meanwhile, p50 ms", live.searchMillis(0.5));
    tell("search meanwhile, p95 ms", live.searchMillis(0.95));
  }

  private static long pace() {
    return LIVE_POSTS / LIVE.toSeconds();
  }

  private void deliveriesOut(int postsAChannel, int simPort, Counted idle)
      throws IOException, InterruptedException {
    Outflow outflow = Outflow.to(grid, simPort, CHANNELS);
    double _ = outflow.publish(Math.max(1, postsAChannel / 5), "warm");
    // What is told of the warm ones is sent by now, or soon.
    Thread.sleep(Duration.ofSeconds(2));
    Counted before = Counted.of(grid);
    double seconds = outflow.publish(postsAChannel, "measured");
    Thread.sleep(Duration.ofSeconds(2));
    int deliveries = CHANNELS * postsAChannel;
    Counted each = Counted.of(grid).eachSince(before, idle, deliveries);
    tell("deliveries/s, all due at once", deliveries / seconds);
    tell("messages a delivery", each.messages());
    tell("bytes a delivery", each.bytes());
  }

  private void tell(String label, double figure) {
    progress.println("  %-46s %,.2f".formatted(label, figure));
    figures.put(label, figure);
  }
}
