package io.pulsegrid.bench;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Deliveries of a grid under test to the stand-in platform, all due at one moment. */
final class Outflow {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Duration UNTIL_DUE = Duration.ofSeconds(5);

  private final GridUnderTest grid;
  private final List<String> channels = new ArrayList<>();

  private Outflow(GridUnderTest grid) {
    this.grid = grid;
  }

  /** Channels at the stand-in platform. */
  static Outflow to(GridUnderTest grid, int simPort, int channels)
      throws IOException, InterruptedException {
    Outflow outflow = new Outflow(grid);
    outflow.channels.addAll(grid.channels("http://127.0.0.1:" + simPort, channels));
    return outflow;
  }

  /** Schedules posts on every channel; answers the seconds from due until all were published. */
  double publish(int postsAChannel, String batch) throws IOException, InterruptedException {
    long wanted = published() + (long) channels.size() * postsAChannel;
    // Scheduling takes what it takes; they are all due together after it.
    Instant due = Instant.now().plus(UNTIL_DUE.plusMillis(100L * postsAChannel));
    String to = channels.stream().map(Json::text).collect(Collectors.joining(","));
    for (int i = 0; i < postsAChannel; i++) {
      String _ =
          grid.create(
              "/scheduled-posts",
              "{\"text\":\"bench %s %d\",\"channels\":[%s],\"when\":{\"at\":\"%s\"}}"
                  .formatted(batch, i, to, due));
    }
    if (Instant.now().isAfter(due)) {
      throw new IOException("scheduling took longer than expected");
    }
    Thread.sleep(Duration.between(Instant.now(), due));
    long start = System.nanoTime();
    long until = start + PATIENCE.toNanos();
    while (published() < wanted) {
      if (System.nanoTime() > until) {
        throw new IOException("deliveries still wait after " + PATIENCE);
      }
      Thread.sleep(50);
    }
    return (System.nanoTime() - start) / 1e9;
  }

  /** As the ledger has it: one light question, unlike all of a node's metrics. */
  private long published() throws IOException, InterruptedException {
    return GridUnderTest.number(grid.get(0, "/queue"), "published");
  }
}
