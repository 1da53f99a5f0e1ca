package io.pulsegrid.bench;

import io.pulsegrid.bench.Outcome.Row;
import io.pulsegrid.bench.Outcome.Target;
import io.pulsegrid.client.Connection;
import io.pulsegrid.client.ImportOptions;
import io.pulsegrid.client.NewPost;
import io.pulsegrid.client.Paging;
import io.pulsegrid.client.Post;
import io.pulsegrid.client.Pulsegrid;
import io.pulsegrid.client.SearchRequest;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The SDK beside REST, against one real node on loopback, by turns: how long a post takes to be
 * read, and how many posts a second an import takes. Between imports the node finishes the one
 * before. And how long ten thousand posts take to be scheduled by one request.
 */
final class ApiBench implements Bench {
  private static final String SDK = "SDK";
  private static final String REST = "REST";
  private static final Instant PUBLISHED = Instant.parse("2026-11-01T00:00:00Z");

  /** What runs for each call is compiled for good once it has run 50,000 times. */
  private static final int WARM_UP = 60_000;

  private static final int LOOKUPS = 20_000;
  private static final int ROUNDS = 3;
  private static final int BATCH = 10_000;
  private static final Duration A_YEAR = Duration.ofDays(365);

  private final int posts;

  ApiBench() {
    this(8_000);
  }

  ApiBench(int posts) {
    this.posts = posts;
  }

  @Override
  public String name() {
    return "api";
  }

  @Override
  public String question() {
    return "a post read, and %,d imported, by the SDK and by REST".formatted(posts);
  }

  @Override
  public Outcome run(PrintStream progress) throws Exception {
    Path folder = Scratch.create();
    int port = FreePorts.inARow(1);
    Path settings =
        Files.writeString(
            folder.resolve("api.yml"),
            "pulsegrid.client.port: %d\npulsegrid.api.requests-per-minute: 10000000\n"
                .formatted(port));
    try (GridUnderTest grid = GridUnderTest.start(1, folder, settings);
        Pulsegrid pulsegrid = Pulsegrid.connect(Connection.to(grid.key(), "127.0.0.1:" + port))) {
      double[] imports = imports(grid, pulsegrid, progress);
      String id = anyPost(pulsegrid);
      Latencies sdk = new Latencies();
      Latencies rest = new Latencies();
      for (int i = 0; i < WARM_UP; i++) {
        read(pulsegrid, id, new Latencies());
        readByRest(grid, id, new Latencies());
      }
      for (int i = 0; i < LOOKUPS; i++) {
        read(pulsegrid, id, sdk);
      }
      for (int i = 0; i < LOOKUPS; i++) {
        readByRest(grid, id, rest);
      }
      return outcome(sdk, rest, imports, batch(grid, progress));
    } finally {
      Scratch.delete(folder);
    }
  }

  private Outcome outcome(Latencies sdk, Latencies rest, double[] imports, double batch) {
    return new Outcome(
        name(),
        List.of(
            new Row("lookup p50, ms", 2, Map.of(SDK, sdk.millis(.5), REST, rest.millis(.5))),
            new Row("lookup p99, ms", 2, Map.of(SDK, sdk.millis(.99), REST, rest.millis(.99))),
            new Row("import, posts/s", 0, Map.of(SDK, imports[0], REST, imports[1])),
            new Row("10,000 posts scheduled, s", 2, Map.of(REST, batch))),
        List.of(
            Target.below("lookup p50, ms", sdk.millis(.5), .5),
            Target.below("lookup p99, ms", sdk.millis(.99), 3),
            Target.atLeast("import, times REST's", imports[0] / imports[1], 1.5),
            Target.below("10,000 posts scheduled, s", batch, 3)));
  }

  /** Seconds for a batch, the median of its rounds. */
  private static double batch(GridUnderTest grid, PrintStream progress)
      throws IOException, InterruptedException {
    String channel = grid.channels("http://127.0.0.1:1", 1).getFirst();
    List<Double> rounds = new ArrayList<>();
    for (int round = 0; round <= ROUNDS; round++) {
      int from = round * BATCH;
      Instant due = Instant.now().plus(A_YEAR);
      String posts =
          IntStream.range(from, from + BATCH)
              .mapToObj(
                  i ->
                      "{\"text\":\"post %d\",\"channels\":[\"%s\"],\"when\":{\"at\":\"%s\"}}"
                          .formatted(i, channel, due))
              .collect(Collectors.joining(",", "[", "]"));
      long start = System.nanoTime();
      String answer = grid.post("/scheduled-posts/batch", "application/json", posts);
      double took = seconds(start);
      if (GridUnderTest.number(answer, "created") != BATCH) {
        throw new IOException("not all of a batch were scheduled");
      }
      // The first warms up.
      if (round > 0) {
        rounds.add(took);
        progress.println("  round %d: a batch in %.2f s".formatted(round, took));
      }
    }
    return median(rounds);
  }

  /** Posts a second, the SDK's and REST's: of each the median of its rounds. */
  private double[] imports(GridUnderTest grid, Pulsegrid pulsegrid, PrintStream progress)
      throws IOException, InterruptedException {
    List<String> texts = BenchTexts.distinct(2 * (ROUNDS + 1) * posts);
    List<Double> sdk = new ArrayList<>();
    List<Double> rest = new ArrayList<>();
    for (int round = 0; round <= ROUNDS; round++) {
      int from = 2 * round * posts;
      double one = bySdk(pulsegrid, texts.subList(from, from + posts), round);
      settle(grid);
      double other = byRest(grid, texts.subList(from + posts, from + 2 * posts), round);
      settle(grid);
      // The first warms up.
      if (round > 0) {
        sdk.add(one);
        rest.add(other);
        progress.println("  round %d: SDK %.0f, REST %.0f posts/s".formatted(round, one, other));
      }
    }
    return new double[] {median(sdk), median(rest)};
  }

  private static double median(List<Double> figures) {
    return figures.stream().sorted().toList().get(figures.size() / 2);
  }

  private static double bySdk(Pulsegrid pulsegrid, List<String> texts, int round) {
    long start = System.nanoTime();
    long taken =
        pulsegrid
            .importPosts(
                IntStream.range(0, texts.size())
                    .mapToObj(i -> NewPost.titled("sdk", round + "-" + i, texts.get(i), PUBLISHED)),
                ImportOptions.of(null))
            .accepted();
    return taken / seconds(start);
  }

  private static double byRest(GridUnderTest grid, List<String> texts, int round)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    String lines =
        IntStream.range(0, texts.size())
            .mapToObj(
                i ->
                    "{\"platform\":\"rest\",\"nativeId\":\"%d-%d\",\"title\":%s,\"publishedAt\":\"%s\"}"
                        .formatted(round, i, Json.text(texts.get(i)), PUBLISHED))
            .collect(Collectors.joining("\n"));
    String answer = grid.post("/posts/import", "application/x-ndjson", lines);
    return GridUnderTest.number(answer, "accepted") / seconds(start);
  }

  /** Waits until nothing of what was imported is still worked on. */
  private static void settle(GridUnderTest grid) throws IOException, InterruptedException {
    while (grid.total("pulsegrid_queue_stage") > 0) {
      Thread.sleep(100);
    }
  }

  private static String anyPost(Pulsegrid pulsegrid) {
    return pulsegrid
        .search(SearchRequest.forWords("the").by("vector"), Paging.first(1))
        .hits()
        .getFirst()
        .post()
        .id();
  }

  private static void read(Pulsegrid pulsegrid, String id, Latencies latencies) {
    long start = System.nanoTime();
    Post _ = pulsegrid.post(id);
    latencies.add(System.nanoTime() - start);
  }

  private static void readByRest(GridUnderTest grid, String id, Latencies latencies)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    String _ = grid.get(0, "/posts/" + id);
    latencies.add(System.nanoTime() - start);
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) / 1e9;
  }
}
