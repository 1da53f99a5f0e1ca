package io.pulsegrid.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OpenLoadTest {
  @SuppressWarnings("NullAway.Init") // set before each test
  private HttpServer server;

  private final AtomicInteger underway = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();
  private final CyclicBarrier pair = new CyclicBarrier(2);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          most.accumulateAndGet(underway.incrementAndGet(), Math::max);
          meet();
          boolean fails = exchange.getRequestURI().getPath().equals("/fails");
          underway.decrementAndGet();
          exchange.sendResponseHeaders(fails ? 500 : 204, -1);
          exchange.close();
        });
    // Else it has a single thread, and never more than one is on its way.
    server.setExecutor(threads);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
    threads.shutdownNow();
  }

  @Test
  void countsEachAnswerByItsKindAndWhatFailed() throws Exception {
    try (var load = new OpenLoad()) {
      OpenLoad.Answers answers =
          load.run(
              Duration.ofMillis(250),
              200,
              number -> asked(number % 10 == 0 ? "fails" : number % 2 == 0 ? "even" : "odd"));

      assertThat(answers.answered()).isEqualTo(45);
      assertThat(answers.errors()).isEqualTo(5);
      assertThat(answers.firstError()).startsWith("fails answered 500");
      assertThat(answers.byKind()).containsOnlyKeys("even", "odd");
      assertThat(answers.all().millis(1)).isPositive();
    }
  }

  @Test
  void keepsNoMoreOnTheirWayThanItIsTold() throws Exception {
    try (var load = new OpenLoad()) {
      AtomicInteger asked = new AtomicInteger();
      OpenLoad.Answers answers =
          load.keepingBusy(
              Duration.ofMillis(250),
              2,
              number -> {
                asked.incrementAndGet();
                return asked(number % 10 == 0 ? "fails" : "even");
              });

      assertThat(answers.answered() + answers.errors()).isEqualTo(asked.get());
      assertThat(answers.errors()).isPositive();
      assertThat(answers.byKind()).containsOnlyKeys("even");
      assertThat(most.get()).isEqualTo(2);
    }
  }

  /** Two requests wait for each other; one that comes alone does not wait for long. */
  private void meet() {
    try {
      int _ = pair.await(100, TimeUnit.MILLISECONDS);
    } catch (InterruptedException | BrokenBarrierException | TimeoutException alone) {
      // It is the last one.
    }
  }

  private OpenLoad.Asked asked(String kind) {
    URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/" + kind);
    return new OpenLoad.Asked(kind, HttpRequest.newBuilder(uri).build());
  }
}
