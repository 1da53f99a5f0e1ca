package io.pulsegrid.bench;

import io.pulsegrid.bench.Outcome.Row;
import io.pulsegrid.bench.Outcome.Target;
import io.pulsegrid.bench.eval.RecordedPosts.Recorded;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A long stream through one node, part by part: each part is taken in, embedded, indexed, put into
 * trends and stored before the next comes. Whether the last go as fast as the first, and what the
 * node holds in the end.
 */
final class ListenBench implements Bench {
  private static final String NODE = "1 node";
  private static final int PARTS = 10;

  /** What 500,000 posts with their vectors need, with room; the default is for fewer. */
  private static final int REGION_MB = 2_048;

  private final int posts;
  private double resident;

  ListenBench() {
    this(500_000);
  }

  ListenBench(int posts) {
    this.posts = posts;
  }

  @Override
  public String name() {
    return "listen";
  }

  @Override
  public boolean isLong() {
    return true;
  }

  @Override
  public Bench ofSize(int size) {
    return new ListenBench(size);
  }

  @Override
  public String question() {
    return "whether one node takes a long stream to its trends as fast at its end as at first,"
        + " and what it holds then";
  }

  @Override
  public Outcome run(PrintStream progress) throws Exception {
    List<Recorded> stream = MixedPosts.of(posts);
    Path folder = Scratch.create();
    Path settings = folder.resolve("node.yml");
    Files.writeString(settings, "pulsegrid:\n  grid:\n    region-mb: " + REGION_MB + "\n");
    try (GridUnderTest grid = GridUnderTest.start(1, folder, settings)) {
      List<Double> rates = rates(grid, stream, progress);
      // The first part pays for the compilers and would make any later one look fast.
      double first =
          rates.subList(0, rates.size() / 2).stream().mapToDouble(it -> it).max().orElse(0);
      double last =
          rates.subList(rates.size() - Math.max(1, rates.size() / 3), rates.size()).stream()
              .mapToDouble(it -> it)
              .min()
              .orElse(0);
      double slowest = rates.stream().mapToDouble(it -> it).min().orElse(0);
      List<Row> rows = new ArrayList<>();
      for (int i = 0; i < rates.size(); i++) {
        rows.add(
            row("posts/s up to their trends, part %d of %d".formatted(i + 1, PARTS), rates.get(i)));
      }
      rows.addAll(held(grid, folder));
      return new Outcome(
          name(),
          rows,
          List.of(
              Target.atLeast("posts/s of the slowest part", slowest, 400),
              Target.atLeast(
                  "the slowest of the last parts against the best before", last / first, 0.8)));
    } finally {
      Scratch.delete(folder);
    }
  }

  private List<Double> rates(GridUnderTest grid, List<Recorded> stream, PrintStream progress)
      throws IOException, InterruptedException {
    Intake intake = new Intake(grid);
    PostsOfGrid ofGrid = new PostsOfGrid(grid);
    List<Double> rates = new ArrayList<>();
    for (int part = 0; part < PARTS; part++) {
      List<Recorded> now =
          stream.subList((int) ((long) part * posts / PARTS), (int) ((part + 1L) * posts / PARTS));
      long start = System.nanoTime();
      ofGrid.importAll(now);
      double rate = now.size() / ((intake.awaitDone() - start) / 1e9);
      progress.printf(Locale.ROOT, "part %d of %d: %,.0f posts/s%n", part + 1, PARTS, rate);
      rates.add(rate);
      resident = Math.max(resident, grid.residentMegabytes().getFirst());
    }
    return rates;
  }

  /** What the node holds, and what the trends have come to. */
  private List<Row> held(GridUnderTest grid, Path folder)
      throws IOException, InterruptedException, SQLException {
    List<Row> rows = new ArrayList<>();
    rows.add(row("MB resident after a part, at the most", resident));
    rows.add(
        row(
            "MB outside the heap for posts (room for %,d)".formatted(REGION_MB),
            grid.total("pulsegrid_grid_memory_used_bytes") / (1 << 20)));
    rows.add(row("MB of index on disk", grid.indexBytes() / (1 << 20)));
    try (Connection ledger =
            DriverManager.getConnection(
                Files.readString(folder.resolve("data/postgres.url")).strip());
        Statement statement = ledger.createStatement();
        ResultSet trends =
            statement.executeQuery(
                "SELECT count(*), max(post_count) FROM trend WHERE post_count > 1")) {
      boolean _ = trends.next();
      rows.add(row("trends of two posts or more", trends.getDouble(1)));
      rows.add(row("posts in the largest", trends.getDouble(2)));
    }
    return rows;
  }

  private static Row row(String label, double figure) {
    return new Row(label, 0, Map.of(NODE, figure));
  }
}
