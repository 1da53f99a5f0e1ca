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

/**
 * How long a node takes to be ready when it starts with nothing in the grid: a real process, and
 * the launcher and PostgreSQL before it, with its index on disk and without.
 */
final class StartBench implements Bench {
  private static final String WITH_INDEX = "index on disk";
  private static final String EMPTY_DISK = "empty disk";
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final int posts;

  StartBench() {
    this(200_000);
  }

  StartBench(int posts) {
    this.posts = posts;
  }

  @Override
  public String name() {
    return "start";
  }

  @Override
  public String question() {
    return "seconds until a node is ready that finds %,d posts and vectors in Postgres"
        .formatted(posts);
  }

  @Override
  public Outcome run(PrintStream progress) throws Exception {
    Path folder = Scratch.create();
    Path data = Files.createDirectory(folder.resolve("data"));
    try {
      fill(data, progress);
      Map<String, Double> ready = new LinkedHashMap<>();
      Map<String, Double> whole = new LinkedHashMap<>();
      // The first start makes the index that the second finds.
      for (String start : List.of(EMPTY_DISK, WITH_INDEX)) {
        start(start, folder, ready, whole, progress);
      }
      return new Outcome(
          name(),
          List.of(
              new Row("start to ready, s", 1, ready),
              new Row("start to all in the index, s", 1, whole)),
          List.of(
              Target.below(
                  "ready with its index on disk, s",
                  ready.getOrDefault(WITH_INDEX, Double.NaN),
                  60)));
    } finally {
      Scratch.delete(folder);
    }
  }

  private void fill(Path data, PrintStream progress) throws Exception {
    long start = System.nanoTime();
    FilledStore.fill(data, posts);
    progress.println("  filled a PostgreSQL in %.1f s".formatted(secondsSince(start)));
  }

  private void start(
      String name,
      Path folder,
      Map<String, Double> ready,
      Map<String, Double> whole,
      PrintStream progress)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    try (GridUnderTest grid = GridUnderTest.start(1, folder)) {
      ready.put(name, secondsSince(start));
      while (grid.total("pulsegrid_index_posts") < posts) {
        if (secondsSince(start) > PATIENCE.toSeconds()) {
          throw new IOException("posts are missing in the index after " + PATIENCE);
        }
        Thread.sleep(100);
      }
      whole.put(name, secondsSince(start));
      progress.println(
          "  %s: ready after %.1f s, all in the index after %.1f s"
              .formatted(name, ready.get(name), whole.get(name)));
    }
  }

  private static double secondsSince(long start) {
    return (System.nanoTime() - start) / 1e9;
  }
}
