package io.pulsegrid.connectors.feed;

import static io.pulsegrid.connectors.LoopbackServer.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.connectors.LoopbackServer;
import io.pulsegrid.connectors.TestWeb;
import io.pulsegrid.connectors.http.FetchLimits;
import io.pulsegrid.core.source.Collector;
import io.pulsegrid.core.source.Collector.Result;
import io.pulsegrid.core.source.Schedule;
import io.pulsegrid.core.source.Source;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FeedCollectorTest {
  private static final byte[] FEED =
      bytes(
          "<rss version=\"2.0\"><channel><item><title>A</title><guid>http://x.test/1</guid></item>"
              + "</channel></rss>");
  private static final FetchLimits LIMITS = new FetchLimits(Duration.ofSeconds(10), 100_000);

  private final FeedCollector collector = collector(true);
  private LoopbackServer server;

  @BeforeEach
  void start() throws IOException {
    server = new LoopbackServer();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void collectsAndRemembersWhereToGoOn() {
    server.on(
        "/f",
        200,
        Map.of("ETag", "\"v1\"", "Last-Modified", "Fri, 02 Jan 2015 10:00:00 GMT"),
        FEED);

    Result.Collected collected = (Result.Collected) collect("/f", Source.Position.START);

    assertThat(collected.posts()).hasSize(1);
    assertThat(collected.posts().getFirst().source()).isEqualTo("s1");
    assertThat(collected.next().etag()).isEqualTo("\"v1\"");
    assertThat(collected.next().lastModified()).isEqualTo("Fri, 02 Jan 2015 10:00:00 GMT");
    assertThat(collected.movedTo()).isNull();
  }

  @Test
  void asksOnlyForWhatChanged() {
    server.on(
        "/f",
        exchange -> {
          var asked = exchange.getRequestHeaders();
          boolean known =
              "\"v1\"".equals(asked.getFirst("If-None-Match"))
                  && "Fri, 02 Jan 2015 10:00:00 GMT".equals(asked.getFirst("If-Modified-Since"));
          LoopbackServer.answer(exchange, known ? 304 : 200, Map.of(), known ? new byte[0] : FEED);
        });

    Source.Position position = new Source.Position(null, "\"v1\"", "Fri, 02 Jan 2015 10:00:00 GMT");
    assertThat(collect("/f", position)).isEqualTo(new Result.NotModified());
    assertThat(collect("/f", Source.Position.START)).isInstanceOf(Result.Collected.class);
  }

  @Test
  void noticesAnUnchangedBodyOfAServerWithoutETags() {
    server.on("/f", 200, Map.of(), FEED);

    Result.Collected first = (Result.Collected) collect("/f", Source.Position.START);

    assertThat(collect("/f", first.next())).isEqualTo(new Result.NotModified());
  }

  @Test
  void tellsWhereTheFeedHasMoved() {
    server.on("/f", 301, Map.of("Location", "/g"), new byte[0]);
    server.on("/g", 200, Map.of(), FEED);

    Result.Collected collected = (Result.Collected) collect("/f", Source.Position.START);

    assertThat(collected.movedTo()).isEqualTo(server.url("/g"));
  }

  @Test
  void saysThatTheFeedIsGone() {
    server.on("/f", 410, Map.of(), new byte[0]);

    assertThat(collect("/f", Source.Position.START)).isInstanceOf(Result.Gone.class);
  }

  @Test
  void failsWithTheStatusAndHowLongToWait() {
    server.on("/f", 429, Map.of("Retry-After", "60"), new byte[0]);

    assertThat(collect("/f", Source.Position.START))
        .isEqualTo(new Result.Failed("the feed answered 429", Duration.ofMinutes(1)));
  }

  @Test
  void failsOnABombAndOnAFeedThatNeverEnds() {
    server.on("/bomb", 200, Map.of(), bytes("<!DOCTYPE x [<!ENTITY a \"a\">]><rss>&a;</rss>"));
    server.on(
        "/endless",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          while (true) {
            exchange.getResponseBody().write(FEED);
          }
        });

    assertThat(((Result.Failed) collect("/bomb", Source.Position.START)).detail())
        .contains("DOCTYPE");
    assertThat(((Result.Failed) collect("/endless", Source.Position.START)).detail())
        .isEqualTo("the answer is larger than 100000 bytes and was cut off");
  }

  @Test
  void refusesAPrivateAddressByName() {
    assertThat(
            collector(false)
                .check(spec(URI.create("http://127.0.0.1/feed")), Source.Credentials.NONE))
        .singleElement()
        .satisfies(
            error -> {
              assertThat(error.field()).isEqualTo("url");
              assertThat(error.message()).contains("private address");
            });
    assertThat(collector.check(spec(URI.create("http://127.0.0.1/feed")), Source.Credentials.NONE))
        .isEmpty();
    assertThat(collector.check(spec(URI.create("gopher://example.org/")), Source.Credentials.NONE))
        .hasSize(1);
  }

  private Result collect(String path, Source.Position from) {
    return collector.collect(
        new Collector.Call("s1", spec(server.url(path)), Source.Credentials.NONE, from));
  }

  private static FeedCollector collector(boolean allowPrivate) {
    return new FeedCollector(TestWeb.client(allowPrivate), () -> LIMITS, InstantSource.system());
  }

  private static Source.Spec spec(URI url) {
    return new Source.Spec("feed", url, new Schedule.Every(Duration.ofMinutes(5)), 5);
  }
}
