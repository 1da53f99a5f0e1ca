package io.pulsegrid.bench;

import io.pulsegrid.bench.Outcome.Row;
import io.pulsegrid.bench.Outcome.Target;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a third node does that joins two with a backlog: how fast posts reach their trends before
 * and after it, and how busy this machine's processors are, which all three share.
 */
final class JoinBench implements Bench {
  private static final Duration SPAN = Duration.ofSeconds(20);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);
  private static final String WAITING = "pulsegrid_queue_stage";
  private static final String TWO = "2 nodes";
  private static final String JOINING = "a third starts";
  private static final String THREE = "3 nodes";

  private final int posts;
  private final Processors processors = new Processors();
  private final Map<String, Double> rates = new LinkedHashMap<>();
  private final Map<String, Double> busy = new LinkedHashMap<>();

  JoinBench() {
    this(60_000);
  }

  JoinBench(int posts) {
    this.posts = posts;
  }

  @Override
  public String name() {
    return "join";
  }

  @Override
  public String question() {
    return "what a third node does that joins two with a backlog of %,d posts".formatted(posts);
  }

  @Override
  public Outcome run(PrintStream progress) throws Exception {
    Path folder = Scratch.create();
    try {
      int discovery = FreePorts.inARow(3);
      int communication = FreePorts.inARow(3);
      Path settings = settings(folder, "two.yml", discovery, communication, 0, null);
      try (GridUnderTest two = GridUnderTest.start(2, folder, settings)) {
        Path alone = folder.resolve("third");
        Path own = Files.createDirectories(alone.resolve("data"));
        Path data = folder.resolve("data");
        for (String file : List.of("credentials.key", "admin.key")) {
          Files.copy(data.resolve(file), own.resolve(file));
        }
        String store = Files.readString(data.resolve("postgres.url")).strip();
        Path third = settings(folder, "third.yml", discovery, communication, 2, store);
        measure(two, alone, third, progress);
      }
      return outcome();
    } finally {
      Scratch.delete(folder);
    }
  }

  private void measure(GridUnderTest two, Path folder, Path settings, PrintStream progress)
      throws Exception {
    List<String> texts = BenchTexts.distinct(posts + posts / 10);
    Intake intake = new Intake(two);
    double _ = intake.take(texts.subList(0, posts / 10), "warm");
    long _ = intake.awaitDone();
    double _ = intake.take(texts.subList(posts / 10, texts.size()), "backlog");
    watch(TWO, List.of(two), progress);
    Span start = new Span(List.of(two));
    try (GridUnderTest third = GridUnderTest.start(1, folder, settings)) {
      List<GridUnderTest> all = List.of(two, third);
      tell(JOINING, start, all, progress);
      watch(THREE, all, progress);
    }
  }

  private void watch(String system, List<GridUnderTest> nodes, PrintStream progress)
      throws IOException, InterruptedException {
    Span watched = new Span(nodes);
    long end = System.nanoTime() + SPAN.toNanos();
    while (System.nanoTime() < end && waiting(nodes) > 0) {
      Thread.sleep(BETWEEN_LOOKS);
    }
    tell(system, watched, nodes, progress);
  }

  private void tell(String system, Span span, List<GridUnderTest> nodes, PrintStream progress)
      throws IOException, InterruptedException {
    double left = span.end(nodes);
    rates.put(system, span.rate);
    busy.put(system, span.busy);
    progress.println(
        "  %-16s %,.0f posts/s worked off, processors in use %.0f %%, %,.0f posts wait"
            .formatted(system, span.rate, span.busy, left));
    if (left == 0 && !system.equals(THREE)) {
      throw new IOException("the backlog was gone before the third node had its share: more posts");
    }
  }

  /** How many posts wait; each node tells of those that it owns. */
  private static double waiting(List<GridUnderTest> nodes)
      throws IOException, InterruptedException {
    double waiting = 0;
    for (GridUnderTest some : nodes) {
      waiting += some.total(WAITING);
    }
    return waiting;
  }

  /** A while of which the backlog is known before and after. */
  private final class Span {
    private final double before;
    private final long nanos;
    private double rate;
    private double busy;

    Span(List<GridUnderTest> nodes) throws IOException, InterruptedException {
      before = waiting(nodes);
      nanos = System.nanoTime();
      processors.begin();
    }

    double end(List<GridUnderTest> nodes) throws IOException, InterruptedException {
      busy = 100 * processors.used();
      double left = waiting(nodes);
      rate = (before - left) / ((System.nanoTime() - nanos) / 1e9);
      return left;
    }
  }

  private Outcome outcome() {
    double gain = rates.getOrDefault(THREE, Double.NaN) / rates.getOrDefault(TWO, Double.NaN);
    // Where every processor was in use before, a node more brings no more of them.
    boolean bound = busy.getOrDefault(TWO, 0.0) >= 90;
    return new Outcome(
        name(),
        List.of(new Row("posts/s worked off", 0, rates), new Row("processors in use, %", 0, busy)),
        List.of(
            bound
                ? Target.atLeast(
                    "processors in use by three nodes, which bound them, %",
                    busy.getOrDefault(THREE, Double.NaN), 90)
                : Target.atLeast("times as fast with a third node", gain, 1.3)));
  }

  private static Path settings(
      Path folder, String file, int discovery, int communication, int first, @Nullable String store)
      throws IOException {
    String ownStore = store == null ? "" : "  store:\n    url: \"%s\"\n".formatted(store);
    return Files.writeString(
        folder.resolve(file),
        """
        pulsegrid:
        %s\
          grid:
            backups: 1
            discovery-port: %d
            communication-port: %d
            addresses: 127.0.0.1:%d..%d
        """
            .formatted(
                ownStore, discovery + first, communication + first, discovery, discovery + 2));
  }
}
