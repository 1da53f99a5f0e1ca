package io.pulsegrid.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Posts that come in at an even pace, as they do from sources, while people search: how soon a post
 * is found after it was acknowledged, and how long a search takes meanwhile.
 */
final class LiveTraffic {
  private static final int BATCH = 20;
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);
  private static final Duration BETWEEN_SEARCHES = Duration.ofMillis(100);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final GridUnderTest grid;
  private final List<String> titles;
  private final Duration span;
  private final List<Double> lags = new ArrayList<>();
  private final List<Double> searches = new ArrayList<>();

  LiveTraffic(GridUnderTest grid, List<String> titles, Duration span) {
    this.grid = grid;
    this.titles = List.copyOf(titles);
    this.span = span;
  }

  /** Lets it all happen. */
  void run() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Void>> parts = List.of(this::posts, this::searches);
      for (Future<Void> part : threads.invokeAll(parts)) {
        part.get();
      }
    } catch (ExecutionException e) {
      throw new IOException("live traffic broke off", e.getCause());
    }
  }

  /** Milliseconds from a batch's acknowledgement until its last post is found. */
  double lagMillis(double share) {
    return share(lags, share);
  }

  /** Milliseconds of a search by words and meaning. */
  double searchMillis(double share) {
    return share(searches, share);
  }

  private Void posts() throws IOException, InterruptedException {
    Intake intake = new Intake(grid);
    long start = System.nanoTime();
    int batches = titles.size() / BATCH;
    for (int batch = 0; batch < batches; batch++) {
      // One word that no other post has, to be found by.
      String mark = "mark" + Long.toString(start, 36) + "x" + batch;
      List<String> posts =
          titles.subList(batch * BATCH, (batch + 1) * BATCH).stream()
              .map(title -> title + " " + mark)
              .toList();
      double _ = intake.take(posts, mark);
      long acknowledged = System.nanoTime();
      await(mark, batch % grid.nodes());
      lags.add((System.nanoTime() - acknowledged) / 1e6);
      long next = start + span.toNanos() / batches * (batch + 1);
      Thread.sleep(Duration.ofNanos(Math.max(0, next - System.nanoTime())));
    }
    return null;
  }

  private void await(String mark, int node) throws IOException, InterruptedException {
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (grid.found(node, mark, "text") < BATCH) {
      if (System.nanoTime() > until) {
        throw new IOException("posts are not found after " + PATIENCE);
      }
      Thread.sleep(BETWEEN_LOOKS);
    }
  }

  private Void searches() throws IOException, InterruptedException {
    long until = System.nanoTime() + span.toNanos();
    for (int asked = 0; System.nanoTime() < until; asked++) {
      long start = System.nanoTime();
      long _ = grid.found(asked % grid.nodes(), titles.get(asked * 7 % titles.size()), "hybrid");
      searches.add((System.nanoTime() - start) / 1e6);
      Thread.sleep(BETWEEN_SEARCHES);
    }
    return null;
  }

  private static double share(List<Double> values, double share) {
    List<Double> sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    return sorted.get(Math.max(0, (int) Math.ceil(share * sorted.size()) - 1));
  }
}
