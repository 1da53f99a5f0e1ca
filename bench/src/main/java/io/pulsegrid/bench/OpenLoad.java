package io.pulsegrid.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Requests that come at an even pace whatever becomes of those before, as they do from many
 * callers; or, to warm up, as fast as they are answered. Each counts from the moment at which it
 * was to be sent: where answers are late, those behind them are late too, and so are counted so.
 */
final class OpenLoad implements AutoCloseable {
  /** More on their way at once than any answer could still help. */
  private static final int HOPELESS = 20_000;

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).executor(threads).build();

  /** A request and what kind of request it is. */
  record Asked(String kind, HttpRequest request) {}

  /** What became of a span of requests; safe for many threads. */
  static final class Answers {
    private final Map<String, Latencies> byKind = new LinkedHashMap<>();
    private final Latencies all = new Latencies();
    private final Latencies sentLate = new Latencies();
    private long slowestNanos;
    private long answered;
    private long errors;
    private @Nullable String firstError;

    private synchronized void add(String kind, long nanos) {
      byKind.computeIfAbsent(kind, _ -> new Latencies()).add(nanos);
      all.add(nanos);
      answered++;
      slowestNanos = Math.max(slowestNanos, nanos);
    }

    private synchronized void sent(long lateNanos) {
      sentLate.add(lateNanos);
    }

    private synchronized void failed(String error) {
      errors++;
      if (firstError == null) {
        firstError = error;
      }
    }

    synchronized Map<String, Latencies> byKind() {
      return Map.copyOf(byKind);
    }

    synchronized Latencies all() {
      return all;
    }

    /** How late this process itself was: its own share of what the answers took. */
    synchronized Latencies sentLate() {
      return sentLate;
    }

    synchronized double slowestMillis() {
      return slowestNanos / 1e6;
    }

    synchronized long answered() {
      return answered;
    }

    synchronized long errors() {
      return errors;
    }

    synchronized @Nullable String firstError() {
      return firstError;
    }
  }

  /**
   * Sends so many a second for a while and waits for the last answer; what has none after half a
   * minute has failed.
   */
  Answers run(Duration span, int aSecond, IntFunction<Asked> requests) throws InterruptedException {
    Answers answers = new Answers();
    Semaphore free = new Semaphore(HOPELESS);
    int count = Math.toIntExact(span.toMillis() * aSecond / 1_000);
    long start = System.nanoTime();
    for (int i = 0; i < count; i++) {
      Asked asked = requests.apply(i);
      long due = start + 1_000_000_000L * i / aSecond;
      while (System.nanoTime() < due) {
        LockSupport.parkNanos(due - System.nanoTime());
      }
      answers.sent(System.nanoTime() - due);
      if (!free.tryAcquire()) {
        throw new UncheckedIOException(new IOException(HOPELESS + " requests wait for an answer"));
      }
      send(asked, due, answers, free);
    }
    awaitLast(answers, free, HOPELESS);
    return answers;
  }

  /** Sends as fast as answers come, with so many on their way, and waits for the last answer. */
  Answers keepingBusy(Duration span, int atOnce, IntFunction<Asked> requests)
      throws InterruptedException {
    Answers answers = new Answers();
    Semaphore free = new Semaphore(atOnce);
    long start = System.nanoTime();
    for (int i = 0; System.nanoTime() - start < span.toNanos(); i++) {
      free.acquire();
      send(requests.apply(i), System.nanoTime(), answers, free);
    }
    awaitLast(answers, free, atOnce);
    return answers;
  }

  private static void awaitLast(Answers answers, Semaphore free, int atOnce)
      throws InterruptedException {
    if (!free.tryAcquire(atOnce, PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
      for (int left = atOnce - free.availablePermits(); left > 0; left--) {
        answers.failed("no answer within " + PATIENCE);
      }
    }
  }

  private void send(Asked asked, long due, Answers answers, Semaphore free) {
    CompletableFuture<?> _ =
        http.sendAsync(asked.request(), BodyHandlers.ofString())
            .whenComplete(
                (answer, failure) -> {
                  long nanos = System.nanoTime() - due;
                  if (failure != null) {
                    answers.failed(asked.kind() + ": " + failure);
                  } else if (answer.statusCode() >= 300) {
                    answers.failed(said(asked, answer));
                  } else {
                    answers.add(asked.kind(), nanos);
                  }
                  // Only now: whoever waits for the last answer finds it noted.
                  free.release();
                });
  }

  private static String said(Asked asked, HttpResponse<String> answer) {
    return "%s answered %d: %s".formatted(asked.kind(), answer.statusCode(), answer.body());
  }

  @Override
  public void close() {
    http.shutdownNow();
    threads.shutdownNow();
  }
}
