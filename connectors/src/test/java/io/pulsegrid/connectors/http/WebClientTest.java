package io.pulsegrid.connectors.http;

import static io.pulsegrid.connectors.LoopbackServer.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import io.pulsegrid.connectors.LoopbackServer;
import io.pulsegrid.connectors.TestWeb;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WebClientTest {
  private static final String SOURCE = "source-1";
  private static final FetchLimits LIMITS = new FetchLimits(Duration.ofSeconds(10), 100_000);

  private final WebClient web = TestWeb.client(true);
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
  void readsAnAnswerWithItsHeaders() {
    server.on("/a", 200, Map.of("ETag", "\"1\""), bytes("hello"));

    Fetched.Answer answer = answer("/a");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo(bytes("hello"));
    assertThat(answer.header("etag")).contains("\"1\"");
    assertThat(answer.movedTo()).isNull();
  }

  @Test
  void sendsItsNameAndWhatItWasGiven() {
    server.on(
        "/a",
        exchange ->
            LoopbackServer.answer(
                exchange,
                200,
                Map.of(),
                bytes(
                    exchange.getRequestHeaders().getFirst("User-Agent")
                        + " "
                        + exchange.getRequestHeaders().getFirst("If-None-Match"))));

    Fetched.Answer answer =
        (Fetched.Answer)
            web.get(server.url("/a"), Map.of("If-None-Match", "\"7\""), LIMITS, SOURCE);

    assertThat(answer.body()).isEqualTo(bytes("Pulsegrid-test \"7\""));
  }

  @Test
  void unpacksGzip() throws IOException {
    server.on("/a", 200, Map.of("Content-Encoding", "gzip"), gzip(bytes("hello")));

    assertThat(answer("/a").body()).isEqualTo(bytes("hello"));
  }

  @Test
  void cutsOffAGzipBomb() throws IOException {
    server.on("/a", 200, Map.of("Content-Encoding", "gzip"), gzip(new byte[5_000_000]));

    assertThat(noAnswer("/a")).isEqualTo("the answer is larger than 100000 bytes and was cut off");
  }

  @Test
  void cutsOffAFeedThatNeverEnds() {
    server.on("/a", WebClientTest::writeWithoutEnd);

    assertThat(noAnswer("/a")).isEqualTo("the answer is larger than 100000 bytes and was cut off");
  }

  @Test
  void givesUpOnABodyThatDrips() {
    CountDownLatch over = new CountDownLatch(1);
    server.on(
        "/a",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write('x');
          exchange.getResponseBody().flush();
          await(over);
        });

    Fetched fetched =
        web.get(server.url("/a"), Map.of(), new FetchLimits(Duration.ofMillis(300), 1000), SOURCE);
    over.countDown();

    assertThat(fetched).isEqualTo(new Fetched.NoAnswer("no complete answer within PT0.3S"));
  }

  @Test
  void givesUpOnAServerThatNeverAnswers() {
    CountDownLatch over = new CountDownLatch(1);
    server.on("/a", exchange -> await(over));

    Fetched fetched =
        web.get(server.url("/a"), Map.of(), new FetchLimits(Duration.ofMillis(300), 1000), SOURCE);
    over.countDown();

    assertThat(fetched).isInstanceOf(Fetched.NoAnswer.class);
    assertThat(((Fetched.NoAnswer) fetched).detail()).contains("PT0.3S");
  }

  @Test
  void followsATemporaryRedirectAndKeepsTheAddress() {
    server.on("/a", 302, Map.of("Location", "/b"), new byte[0]);
    server.on("/b", 200, Map.of(), bytes("there"));

    Fetched.Answer answer = answer("/a");

    assertThat(answer.body()).isEqualTo(bytes("there"));
    assertThat(answer.movedTo()).isNull();
    assertThat(answer.url()).isEqualTo(server.url("/b"));
  }

  @Test
  void reportsWhereAPermanentRedirectLed() {
    server.on("/a", 301, Map.of("Location", "/b"), new byte[0]);
    server.on("/b", 308, Map.of("Location", "/c"), new byte[0]);
    server.on("/c", 302, Map.of("Location", "/d"), new byte[0]);
    server.on("/d", 200, Map.of(), bytes("there"));

    assertThat(answer("/a").movedTo()).isEqualTo(server.url("/c"));
  }

  @Test
  void doesNotTakeAPermanentRedirectBehindATemporaryOneForAMove() {
    server.on("/a", 302, Map.of("Location", "/b"), new byte[0]);
    server.on("/b", 301, Map.of("Location", "/c"), new byte[0]);
    server.on("/c", 200, Map.of(), bytes("there"));

    assertThat(answer("/a").movedTo()).isNull();
  }

  @Test
  void followsFiveRedirectsAtTheMost() {
    server.on("/loop", 302, Map.of("Location", "/loop"), new byte[0]);

    assertThat(noAnswer("/loop")).isEqualTo("redirected more than 5 times");
    assertThat(server.asked()).hasSize(6);
  }

  @Test
  void refusesARedirectToAnotherScheme() {
    server.on("/a", 302, Map.of("Location", "file:///etc/passwd"), new byte[0]);

    assertThat(noAnswer("/a")).contains("file:///etc/passwd").contains("must start with http");
  }

  @Test
  void refusesAPrivateAddressBeforeItIsAsked() {
    server.on("/a", 200, Map.of(), bytes("secret"));

    Fetched fetched = TestWeb.client(false).get(server.url("/a"), Map.of(), LIMITS, SOURCE);

    assertThat(((Fetched.NoAnswer) fetched).detail())
        .isEqualTo(
            "127.0.0.1 is at the private address 127.0.0.1, and pulsegrid.net.allow-private is"
                + " false");
    assertThat(server.asked()).isEmpty();
  }

  @Test
  void refusesAPrivateAddressBehindARedirect() {
    server.on("/a", 302, Map.of("Location", "http://inside.test:1/x"), new byte[0]);
    AddressPolicy policy =
        new AddressPolicy(
            false,
            host ->
                host.equals("127.0.0.1")
                    ? new InetAddress[] {InetAddress.getByName("93.184.216.34")}
                    : new InetAddress[] {
                      InetAddress.getByName("93.184.216.34"), InetAddress.getByName("10.0.0.7")
                    });
    WebClient wary =
        new WebClient(
            HttpClient.newHttpClient(), policy, SourceGate.OPEN, InstantSource.system(), "test");

    Fetched fetched = wary.get(server.url("/a"), Map.of(), LIMITS, SOURCE);

    assertThat(((Fetched.NoAnswer) fetched).detail())
        .contains("http://inside.test:1/x")
        .contains("private address 10.0.0.7");
  }

  @Test
  void saysThatNobodyListens() {
    URI url = server.url("/a");
    server.close();

    Fetched fetched = web.get(url, Map.of(), LIMITS, SOURCE);

    assertThat(((Fetched.NoAnswer) fetched).detail())
        .isEqualTo("could not connect to 127.0.0.1:" + url.getPort() + " (ConnectException)");
  }

  @Test
  void readsHowLongToStayAway() {
    server.on("/a", 503, Map.of("Retry-After", "120"), new byte[0]);

    assertThat(answer("/a").retryAfter()).isEqualTo(Duration.ofMinutes(2));
  }

  @Test
  void readsRetryAfterAsADateToo() {
    Instant now = Instant.parse("2026-03-01T10:00:00Z");

    assertThat(RetryAfter.parse("Sun, 01 Mar 2026 10:05:00 GMT", now))
        .contains(Duration.ofMinutes(5));
    assertThat(RetryAfter.parse("Sun, 01 Mar 2026 09:00:00 GMT", now)).contains(Duration.ZERO);
    assertThat(RetryAfter.parse("999999999999", now)).contains(Duration.ofDays(7));
    assertThat(RetryAfter.parse("soon", now)).isEmpty();
  }

  @Test
  void refusesAClientThatRedirectsByItself() {
    HttpClient loose = HttpClient.newBuilder().followRedirects(HttpClient.Redirect.ALWAYS).build();
    AddressPolicy policy = new AddressPolicy(true, InetAddress::getAllByName);

    assertThatThrownBy(
            () -> new WebClient(loose, policy, SourceGate.OPEN, InstantSource.system(), "test"))
        .hasMessageContaining("never follow redirects");
  }

  private Fetched.Answer answer(String path) {
    Fetched fetched = web.get(server.url(path), Map.of(), LIMITS, SOURCE);
    assertThat(fetched).isInstanceOf(Fetched.Answer.class);
    return (Fetched.Answer) fetched;
  }

  private String noAnswer(String path) {
    Fetched fetched = web.get(server.url(path), Map.of(), LIMITS, SOURCE);
    assertThat(fetched).isInstanceOf(Fetched.NoAnswer.class);
    return ((Fetched.NoAnswer) fetched).detail();
  }

  private static void writeWithoutEnd(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 0);
    while (true) {
      exchange.getResponseBody().write(new byte[4096]);
    }
  }

  private static void await(CountDownLatch over) {
    try {
      over.await();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private static byte[] gzip(byte[] plain) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(plain);
    }
    return packed.toByteArray();
  }
}
