package io.pulsegrid.bench;

import io.pulsegrid.bench.Outcome.Row;
import io.pulsegrid.bench.Outcome.Target;
import io.pulsegrid.bench.eval.BCubed;
import io.pulsegrid.bench.eval.RecordedPosts;
import io.pulsegrid.bench.eval.RecordedPosts.Recorded;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The same stream imported into one node and into three, with the real model: how alike the trends
 * are that come of it, and what searches find.
 */
final class SameTrendsBench implements Bench {
  private static final String BETWEEN = "one and three";
  private static final Instant BEGINNING = Instant.parse("2026-01-01T00:00:00Z");
  private static final int NEAREST = 10;

  private final int most;
  private final int made;
  private final int queries;

  SameTrendsBench() {
    this(3_000, 5_000, 200);
  }

  /**
   * @param most posts of each recorded set
   * @param made posts where nothing recorded is at hand
   */
  SameTrendsBench(int most, int made, int queries) {
    this.most = most;
    this.made = made;
    this.queries = queries;
  }

  /** What a grid made of the stream. */
  private record Result(Map<String, String> trends, List<Set<String>> found) {}

  @Override
  public String name() {
    return "same-trends";
  }

  @Override
  public boolean isLong() {
    return true;
  }

  /** With as many posts of each recorded set. */
  @Override
  public Bench ofSize(int size) {
    return new SameTrendsBench(size, size, queries);
  }

  @Override
  public String question() {
    return "whether one node and three make the same trends and find the same posts";
  }

  @Override
  public Outcome run(PrintStream progress) throws Exception {
    List<Recorded> posts = posts();
    progress.printf(Locale.ROOT, "%,d posts in one stream%n", posts.size());
    Result one = result(1, posts, progress);
    Result three = result(3, posts, progress);

    List<String> left = new ArrayList<>();
    List<String> right = new ArrayList<>();
    one.trends()
        .forEach(
            (post, trend) -> {
              left.add(trend);
              // One that only one of the grids has in a trend is a difference, not left out.
              right.add(three.trends().getOrDefault(post, "none for " + post));
            });
    BCubed alike = BCubed.of(left, right);
    double overlap = overlap(one.found(), three.found());
    List<Row> rows =
        List.of(
            row("posts in a trend on one node", one.trends().size()),
            row("posts in a trend on three", three.trends().size()),
            row("trends on one node", new HashSet<>(one.trends().values()).size()),
            row("trends on three", new HashSet<>(three.trends().values()).size()),
            new Row("BCubed F1 of the two", 4, Map.of(BETWEEN, alike.f1())),
            new Row("overlap of the top 10, mean", 4, Map.of(BETWEEN, overlap)));
    return new Outcome(
        name(),
        rows,
        List.of(
            Target.atLeast("BCubed F1 of the two", alike.f1(), 0.98),
            Target.atLeast("overlap of the top 10", overlap, 0.95)));
  }

  private List<Recorded> posts() throws IOException {
    List<Recorded> recorded = RecordedPosts.in(BenchTexts.shared().resolve("data"), most);
    if (!recorded.isEmpty()) {
      return recorded;
    }
    List<Recorded> posts = new ArrayList<>();
    for (String text : BenchTexts.distinct(made)) {
      posts.add(
          new Recorded(
              "bench",
              String.valueOf(posts.size()),
              text,
              BEGINNING.plusSeconds(10L * posts.size())));
    }
    return posts;
  }

  private Result result(int nodes, List<Recorded> posts, PrintStream progress)
      throws IOException, InterruptedException {
    Path folder = Scratch.create();
    try (GridUnderTest grid = GridUnderTest.start(nodes, folder)) {
      PostsOfGrid ofGrid = new PostsOfGrid(grid);
      long start = System.nanoTime();
      ofGrid.importAll(posts);
      long _ = new Intake(grid).awaitDone();
      progress.printf(
          Locale.ROOT,
          "%d %s: done in %.0f s%n",
          nodes,
          nodes == 1 ? "node" : "nodes",
          (System.nanoTime() - start) / 1e9);
      List<Set<String>> found = new ArrayList<>();
      for (int q = 0; q < queries; q++) {
        // Spread over the stream, and asked of every node in turn.
        Recorded asked = posts.get((int) ((long) q * posts.size() / queries));
        found.add(ofGrid.found(q % nodes, asked.text(), NEAREST));
      }
      return new Result(ofGrid.trends(), found);
    } finally {
      Scratch.delete(folder);
    }
  }

  private static double overlap(List<Set<String>> one, List<Set<String>> other) {
    double sum = 0;
    for (int q = 0; q < one.size(); q++) {
      Set<String> both = new HashSet<>(one.get(q));
      both.retainAll(other.get(q));
      int larger = Math.max(one.get(q).size(), other.get(q).size());
      sum += larger == 0 ? 1 : (double) both.size() / larger;
    }
    return sum / one.size();
  }

  private static Row row(String label, double figure) {
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put(BETWEEN, figure);
    return new Row(label, 0, figures);
  }
}
