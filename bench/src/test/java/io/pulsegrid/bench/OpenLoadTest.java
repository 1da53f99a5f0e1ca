package io.pulsegrid.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OpenLoadTest {
  @SuppressWarnings("NullAway.Init") // set before each test
  private HttpServer server;

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          boolean fails = exchange.getRequestURI().getPath().equals("/fails");
          exchange.sendResponseHeaders(fails ? 500 : 204, -1);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
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

  private OpenLoad.Asked asked(String kind) {
    URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/" + kind);
    return new OpenLoad.Asked(kind, HttpRequest.newBuilder(uri).build());
  }
}
