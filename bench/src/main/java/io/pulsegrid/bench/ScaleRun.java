package io.pulsegrid.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** One grid put to work: posts in, twice, then deliveries out; what that took between its nodes. */
final class ScaleRun {
  private static final int CHANNELS = 20;
  private static final Duration IDLE = Duration.ofSeconds(15);
  private static final Duration QUIET = Duration.ofSeconds(6);
  private static final Duration PATIENCE = Duration.ofMinutes(15);
  private static final Duration UNTIL_DUE = Duration.ofSeconds(10);
  private static final String MEMORY = "pulsegrid_grid_memory_used_bytes";
  private static final String WAITING = "pulsegrid_queue_stage";
  private static final String UNSTORED = "pulsegrid_store_dirty_rows";
  private static final String PUBLISHED = "pulsegrid_publish_published_total";

  private final GridUnderTest grid;
  private final int nodes;
  private final PrintStream progress;
  private final Map<String, Double> figures = new LinkedHashMap<>();

  ScaleRun(GridUnderTest grid, int nodes, PrintStream progress) {
    this.grid = grid;
    this.nodes = nodes;
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

    double secondsSince(Counted before) {
      return (nanos - before.nanos) / 1e9;
    }
  }

  Map<String, Double> measure(int posts, int postsAChannel, int simPort)
      throws IOException, InterruptedException {
    List<String> texts = BenchTexts.distinct(2 * posts);
    // The first half fills caches, pages and the compilers' knowledge; only the second counts.
    takeIn(texts.subList(0, posts), "warm");
    Counted idleFrom = Counted.of(grid);
    Thread.sleep(IDLE);
    Counted idle = Counted.of(grid);
    double seconds = idle.secondsSince(idleFrom);
    double messages = (idle.messages() - idleFrom.messages()) / seconds;
    double bytes = (idle.bytes() - idleFrom.bytes()) / seconds;
    tell("messages/s, idle", messages);
    tell("bytes/s, idle", bytes);

    double memory = grid.total(MEMORY);
    Counted before = Counted.of(grid);
    double[] took = takeIn(texts.subList(posts, 2 * posts), "measured");
    Counted after = Counted.of(grid);
    tell("posts/s taken in", posts / took[0]);
    tell("posts/s up to their trends", posts / took[1]);
    double span = after.secondsSince(before);
    tell("messages a post", (after.messages() - before.messages() - span * messages) / posts);
    tell("bytes a post", (after.bytes() - before.bytes() - span * bytes) / posts);
    tell(
        "MB outside the heap a node for 100,000 posts",
        (grid.total(MEMORY) - memory) / posts * 100_000 / nodes / (1 << 20));

    before = Counted.of(grid);
    int deliveries = CHANNELS * postsAChannel;
    double publishing = publish(postsAChannel, simPort);
    after = Counted.of(grid);
    span = after.secondsSince(before);
    tell("deliveries/s, all due at once", deliveries / publishing);
    tell(
        "messages a delivery",
        (after.messages() - before.messages() - span * messages) / deliveries);
    tell("bytes a delivery", (after.bytes() - before.bytes() - span * bytes) / deliveries);
    return figures;
  }

  private void tell(String label, double figure) {
    progress.println("  %-46s %,.2f".formatted(label, figure));
    figures.put(label, figure);
  }

  /** Answers the seconds until all were durable, and until all had their trends. */
  private double[] takeIn(List<String> texts, String batch)
      throws IOException, InterruptedException {
    Instant published = Instant.now();
    String lines =
        IntStream.range(0, texts.size())
            .mapToObj(
                i ->
                    "{\"platform\":\"bench\",\"nativeId\":\"%s-%d\",\"title\":%s,\"publishedAt\":\"%s\"}"
                        .formatted(batch, i, Json.text(texts.get(i)), published))
            .collect(Collectors.joining("\n"));
    long start = System.nanoTime();
    String answer = grid.post("/posts/import", "application/x-ndjson", lines);
    double takenIn = (System.nanoTime() - start) / 1e9;
    if (!answer.contains("\"accepted\":" + texts.size())) {
      throw new IOException("not every post was accepted: " + answer);
    }
    double done = awaitQuiet(start);
    return new double[] {takenIn, done};
  }

  /** Nodes count what waits every few seconds: nothing must wait for longer than that. */
  private double awaitQuiet(long start) throws IOException, InterruptedException {
    long until = System.nanoTime() + PATIENCE.toNanos();
    long quietSince = 0;
    while (System.nanoTime() < until) {
      if (grid.total(WAITING) + grid.total(UNSTORED) > 0) {
        quietSince = 0;
      } else if (quietSince == 0) {
        quietSince = System.nanoTime();
      } else if (System.nanoTime() - quietSince > QUIET.toNanos()) {
        return (quietSince - start) / 1e9;
      }
      Thread.sleep(200);
    }
    throw new IOException("posts still wait after " + PATIENCE);
  }

  /** Answers the seconds from the moment all were due until all were published. */
  private double publish(int postsAChannel, int simPort) throws IOException, InterruptedException {
    StringBuilder channels = new StringBuilder();
    for (int i = 0; i < CHANNELS; i++) {
      String channel =
          grid.create(
              "/channels",
              """
              {"platform":"mastodon","handle":"@bench","zone":"UTC",
               "baseUrl":"http://127.0.0.1:%d/mastodon",
               "credentials":{"accessToken":"t-bench-%d"}}
              """
                  .formatted(simPort, i));
      channels.append(i == 0 ? "" : ",").append(Json.text(channel));
    }
    Instant due = Instant.now().plus(UNTIL_DUE);
    for (int i = 0; i < postsAChannel; i++) {
      String _ =
          grid.create(
              "/scheduled-posts",
              "{\"text\":\"bench %d\",\"channels\":[%s],\"when\":{\"at\":\"%s\"}}"
                  .formatted(i, channels, due));
    }
    if (Instant.now().isAfter(due)) {
      throw new IOException("scheduling took longer than " + UNTIL_DUE);
    }
    Thread.sleep(Duration.between(Instant.now(), due));
    long start = System.nanoTime();
    long until = start + PATIENCE.toNanos();
    int wanted = CHANNELS * postsAChannel;
    while (grid.totalIfAny(PUBLISHED) < wanted) {
      if (System.nanoTime() > until) {
        throw new IOException("deliveries still wait after " + PATIENCE);
      }
      Thread.sleep(50);
    }
    return (System.nanoTime() - start) / 1e9;
  }
}
