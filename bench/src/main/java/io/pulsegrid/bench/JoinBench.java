package io.pulsegrid.bench;

import io.pulsegrid.bench.Outcome.Row;
import io.pulsegrid.bench.Outcome.Target;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A third node that joins two which have a backlog: how fast posts get to their trends before and
 * after. The nodes share this machine's processors. Where these are all in use before, a third
 * process cannot add anything; what is wanted of it is measured by what was left.
 */
final class JoinBench implements Bench {
  private static final Duration WINDOW = Duration.ofSeconds(25);
  private static final Duration FIRST = Duration.ofSeconds(10);
  private static final Duration SETTLING = Duration.ofSeconds(10);
  private static final Duration TO_JOIN = Duration.ofSeconds(60);
  private static final double WANTED = 1.3;

  /** What a further process may cost those that were there, where nothing is left for it. */
  private static final double OWN_COST = 0.9;

  private static final String WAITING = "pulsegrid_queue_stage";
  private static final String CLUSTERED = "pulsegrid_clustered_total";

  private final int posts;

  JoinBench() {
    this(25_000);
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
    return "what a third node does for two with a backlog";
  }

  /** A span of work. */
  private record Span(double postsASecond, double processors, double backlog) {}

  @Override
  public Outcome run(PrintStream progress) throws Exception {
    Path folder = Scratch.create();
    try (GridUnderTest grid = GridUnderTest.start(2, folder)) {
      Intake intake = new Intake(grid);
      double _ = intake.take(BenchTexts.distinct(posts), "backlog");
      Thread.sleep(FIRST);
      Span before = span(grid);
      progress.println("  two nodes: " + before);
      int more = stillWanted(before);
      double _ = intake.take(BenchTexts.distinct(posts + more).subList(posts, posts + more), "more");
      grid.join();
      Thread.sleep(SETTLING);
      Span after = span(grid);
      progress.println("  three nodes: " + after);
      if (after.backlog() <= 0) {
        throw new IOException("the backlog was gone before the third node was measured");
      }
      return outcome(before, after);
    } finally {
      Scratch.delete(folder);
    }
  }

  /** What must be added for the backlog to last until the third node is measured. */
  private static int stillWanted(Span before) {
    Duration left = TO_JOIN.plus(SETTLING).plus(WINDOW);
    return Math.max(
        1_000,
        (int) (before.postsASecond() * 2 * WANTED * left.toSeconds() - before.backlog()));
  }

  private static Span span(GridUnderTest grid) throws IOException, InterruptedException {
    Processors processors = new Processors();
    double clustered = grid.totalIfAny(CLUSTERED);
    long start = System.nanoTime();
    processors.begin();
    Thread.sleep(WINDOW);
    double used = processors.used();
    double more = grid.totalIfAny(CLUSTERED) - clustered;
    return new Span(more / ((System.nanoTime() - start) / 1e9), used, grid.total(WAITING));
  }

  private Outcome outcome(Span before, Span after) {
    List<Row> rows = new ArrayList<>();
    rows.add(row("posts/s up to their trends", 1, before.postsASecond(), after.postsASecond()));
    rows.add(row("processors in use, %", 1, 100 * before.processors(), 100 * after.processors()));
    rows.add(row("posts that wait at the end", 0, before.backlog(), after.backlog()));
    double possible = OWN_COST / Math.max(0.01, before.processors());
    double gain = after.postsASecond() / before.postsASecond();
    return new Outcome(
        name(),
        rows,
        List.of(
            Target.atLeast(
                "throughput with the third node, to that without",
                gain,
                Math.min(WANTED, possible))));
  }

  private static Row row(String label, int decimals, double before, double after) {
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("2 nodes", before);
    figures.put("3 nodes", after);
    return new Row(label, decimals, figures);
  }
}
