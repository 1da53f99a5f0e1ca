package io.pulsegrid.node.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.pulsegrid.core.publish.Channel;
import io.pulsegrid.core.publish.Delivery;
import io.pulsegrid.core.publish.DeliveryState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A refusal for a limit that all accounts of one app share. */
class AppThrottleTest {
  private static final Duration SOON = Duration.ofSeconds(40);
  private static final int CHANNELS = 8;

  private final EngineFixture fixture = new EngineFixture(2);
  private final Queue<String> asked = new ConcurrentLinkedQueue<>();
  private final HttpServer reddit = reddit();

  @AfterEach
  void close() {
    reddit.stop(0);
    fixture.close();
  }

  @Test
  void holdsBackEveryChannelOfTheAppOnEveryNodeAndNoOtherPlatform() {
    fixture.start();
    Delivery first = fixture.publish(channel(), "first\nof all");
    await().atMost(SOON).until(() -> fixture.story(first).contains("throttled"));

    // More channels than one: both nodes have some to look after.
    List<Delivery> others =
        IntStream.range(0, CHANNELS)
            .mapToObj(i -> fixture.publish(channel(), "post " + i + "\nof another"))
            .toList();
    Delivery elsewhere = fixture.publish(fixture.channel("t-elsewhere"), "on another platform");
    await().atMost(SOON).until(() -> fixture.state(elsewhere) == DeliveryState.PUBLISHED);

    await().during(Duration.ofSeconds(3)).atMost(SOON).until(() -> asked.size() == 1);
    assertThat(others)
        .allSatisfy(
            one -> {
              assertThat(fixture.state(one)).isEqualTo(DeliveryState.SCHEDULED);
              assertThat(fixture.base.now(one).attempts()).isZero();
            });
  }

  private String channel() {
    return fixture.channel(
        new Channel.Spec(
            "reddit",
            "r/test",
            URI.create("http://127.0.0.1:" + reddit.getAddress().getPort()),
            ZoneOffset.UTC,
            List.of()),
        Map.of("accessToken", "t-app"));
  }

  private HttpServer reddit() {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext(
          "/",
          exchange -> {
            // Whose account it is may be asked at any time.
            if (exchange.getRequestMethod().equals("POST")) {
              asked.add(exchange.getRequestURI().getPath());
            }
            exchange.getResponseHeaders().set("x-ratelimit-used", "600");
            exchange.getResponseHeaders().set("x-ratelimit-remaining", "0.0");
            exchange.getResponseHeaders().set("x-ratelimit-reset", "300");
            exchange.sendResponseHeaders(429, -1);
            exchange.close();
          });
      server.start();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
