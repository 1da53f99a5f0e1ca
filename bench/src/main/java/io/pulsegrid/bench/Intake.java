package io.pulsegrid.bench;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Posts put into a grid under test, and the wait for what becomes of them. */
final class Intake {
  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final Duration QUIET = Duration.ofSeconds(6);
  private static final String WAITING = "pulsegrid_queue_stage";
  private static final String UNSTORED = "pulsegrid_store_dirty_rows";

  private final GridUnderTest grid;

  Intake(GridUnderTest grid) {
    this.grid = grid;
  }

  /** Sends posts; answers the seconds until all were durable. */
  double take(List<String> titles, String batch) throws IOException, InterruptedException {
    Instant published = Instant.now();
    String lines =
        IntStream.range(0, titles.size())
            .mapToObj(
                i ->
                    "{\"platform\":\"bench\",\"nativeId\":\"%s-%d\",\"title\":%s,\"publishedAt\":\"%s\"}"
                        .formatted(batch, i, Json.text(titles.get(i)), published))
            .collect(Collectors.joining("\n"));
    long start = System.nanoTime();
    String answer = grid.post("/posts/import", "application/x-ndjson", lines);
    if (GridUnderTest.number(answer, "accepted") != titles.size()) {
      throw new IOException("not every post was accepted: " + answer);
    }
    return (System.nanoTime() - start) / 1e9;
  }

  /**
   * Waits until every post has its trend and is stored; answers the moment, by the nanosecond
   * clock. Nodes count what waits every few seconds: nothing must wait for longer than that.
   */
  long awaitDone() throws IOException, InterruptedException {
    long until = System.nanoTime() + PATIENCE.toNanos();
    long quietSince = 0;
    while (System.nanoTime() < until) {
      if (grid.total(WAITING, UNSTORED) > 0) {
        quietSince = 0;
      } else if (quietSince == 0) {
        quietSince = System.nanoTime();
      } else if (System.nanoTime() - quietSince > QUIET.toNanos()) {
        return quietSince;
      }
      // Each look has the nodes read all their metrics, which costs what the posts are to have.
      Thread.sleep(500);
    }
    throw new IOException("posts still wait after " + PATIENCE);
  }
}
