package io.pulsegrid.bench;

import io.pulsegrid.bench.Outcome.Row;
import io.pulsegrid.bench.Outcome.Target;
import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.post.Content;
import io.pulsegrid.core.post.Engagement;
import io.pulsegrid.core.post.Post;
import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.post.Stage;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How fast a burst of posts goes from the grid into Postgres, beside plain batches by JDBC. */
final class StoreBench implements Bench {
  private static final String OURS = "pulsegrid";
  private static final String PLAIN = "jdbc batches";
  private static final String REWRITTEN = "jdbc, rewritten";

  private final int posts;
  private final int rounds;

  StoreBench() {
    this(200_000, 3);
  }

  StoreBench(int posts, int rounds) {
    this.posts = posts;
    this.rounds = rounds;
  }

  @Override
  public String name() {
    return "store";
  }

  @Override
  public String question() {
    return "rows/s of a burst of %,d posts from the grid into Postgres, beside plain JDBC batches"
        .formatted(posts);
  }

  @Override
  public Outcome run(PrintStream progress) throws Exception {
    List<Post> burst = burst();
    Path folder = Scratch.create();
    try (StoreNode node = new StoreNode(folder)) {
      Map<String, PlainJdbc> peers = new LinkedHashMap<>();
      peers.put(PLAIN, new PlainJdbc(node.url()));
      peers.put(REWRITTEN, new PlainJdbc(node.url() + "&reWriteBatchedInserts=true"));
      Map<String, Double> best = new LinkedHashMap<>();
      Map<String, Double> slowest = new LinkedHashMap<>();
      double put = 0;
      long lost = 0;
      for (int round = 0; round < rounds; round++) {
        node.clear();
        put = Math.max(put, rate(() -> node.put(burst)));
        double drained = rate(node::drain);
        best.merge(OURS, drained, Math::max);
        slowest.merge(OURS, drained, Math::min);
        lost = Math.max(lost, posts - node.stored() + node.dirty());
        StringBuilder line = new StringBuilder("  %s %.0f/s".formatted(OURS, drained));
        for (Map.Entry<String, PlainJdbc> peer : peers.entrySet()) {
          node.clear();
          double rate = rate(() -> peer.getValue().store(burst));
          best.merge(peer.getKey(), rate, Math::max);
          slowest.merge(peer.getKey(), rate, Math::min);
          line.append("  %s %.0f/s".formatted(peer.getKey(), rate));
        }
        progress.println("round " + (round + 1) + ":" + line);
      }
      return outcome(best, slowest, put, lost);
    } finally {
      Scratch.delete(folder);
    }
  }

  private Outcome outcome(
      Map<String, Double> best, Map<String, Double> slowest, double put, long lost) {
    double ours = best.getOrDefault(OURS, 0.0);
    return new Outcome(
        name(),
        List.of(
            new Row("into the grid, posts/s", 0, Map.of(OURS, put)),
            new Row("into Postgres, rows/s, best round", 0, best),
            new Row("into Postgres, rows/s, slowest round", 0, slowest),
            new Row("lost", 0, Map.of(OURS, (double) lost))),
        List.of(
            Target.atLeast(
                "drained in the slowest round, rows/s", slowest.getOrDefault(OURS, 0.0), 15_000),
            Target.below("lost", (double) lost, 1),
            Target.atLeast(
                "against plain JDBC batches", ours / best.getOrDefault(PLAIN, 1.0), 0.9)));
  }

  private double rate(Step step) throws Exception {
    long start = System.nanoTime();
    step.run();
    return posts / ((System.nanoTime() - start) / 1e9);
  }

  /** Something that handles the whole burst. */
  private interface Step {
    void run() throws Exception;
  }

  private List<Post> burst() throws IOException {
    List<String> texts = BenchTexts.distinct(posts);
    Instant now = Instant.parse("2026-03-01T12:00:00Z");
    List<Post> burst = new ArrayList<>(posts);
    for (int i = 0; i < posts; i++) {
      String nativeId = Integer.toString(i);
      Content content =
          new Content(
              "bench",
              nativeId,
              "https://example.org/posts/" + i,
              "author" + i % 1_000,
              texts.get(i),
              null,
              "en",
              null,
              List.of("a", "b"));
      burst.add(
          new Post(
              PostId.of(WorkspaceId.DEFAULT, "bench", nativeId),
              WorkspaceId.DEFAULT,
              content,
              new Engagement(i % 500, i % 50, 0, 0),
              now.plusSeconds(i),
              now,
              new Post.Progress(Stage.COLLECTED, i + 1, null, null, null)));
    }
    return burst;
  }
}
