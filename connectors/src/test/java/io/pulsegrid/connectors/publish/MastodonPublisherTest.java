package io.pulsegrid.connectors.publish;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import io.pulsegrid.connectors.LoopbackServer;
import io.pulsegrid.connectors.http.AddressPolicy;
import io.pulsegrid.core.failure.FieldError;
import io.pulsegrid.core.limit.Allowance;
import io.pulsegrid.core.publish.Channel;
import io.pulsegrid.core.publish.Outcome;
import io.pulsegrid.core.publish.Publisher.Answer;
import io.pulsegrid.core.publish.Publisher.Call;
import io.pulsegrid.core.publish.Publisher.Probe;
import io.pulsegrid.core.time.Clocks;
import io.pulsegrid.core.time.Deadline;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MastodonPublisherTest {
  private static final Pattern OLDER = Pattern.compile("max_id=(\\d+)");
  private static final String STATUSES = "/api/v1/statuses";
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Clocks CLOCKS = new Clocks(System::nanoTime, InstantSource.system());

  // The test server stamps its answers with the system's clock.
  private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
  private final LoopbackServer server;
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
  private final MastodonPublisher mastodon =
      new MastodonPublisher(
          TestOutside.of(
              http, new AddressPolicy(true, InetAddress::getAllByName), InstantSource.fixed(now)));
  private final List<String> bodies = new CopyOnWriteArrayList<>();

  MastodonPublisherTest() throws IOException {
    server = new LoopbackServer();
  }

  @AfterEach
  void close() {
    server.close();
    http.close();
  }

  @Test
  void sendsTheTextUnderItsKeyAndReadsTheStatus() {
    server.on(
        STATUSES,
        exchange -> {
          bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          bodies.add(header(exchange, "Idempotency-Key") + " " + header(exchange, "Authorization"));
          LoopbackServer.answer(
              exchange,
              200,
              Map.of(
                  "X-RateLimit-Limit", "300",
                  "X-RateLimit-Remaining", "299",
                  "X-RateLimit-Reset", "2026-03-01T15:00:00.000000Z"),
              LoopbackServer.bytes("{\"id\":\"42\",\"url\":\"https://m.example/@me/42\"}"));
        });

    Answer answer = mastodon.publish(call("Grüße & more", SECOND));

    assertThat(answer.outcome())
        .isEqualTo(new Outcome.Accepted("42", "https://m.example/@me/42", 200, "created"));
    assertThat(answer.allowance())
        .isEqualTo(new Allowance(300, 299, Instant.parse("2026-03-01T15:00:00Z")));
    assertThat(bodies).containsExactly("status=Gr%C3%BC%C3%9Fe+%26+more", "key-1 Bearer token-1");
  }

  @Test
  void onlyMastodonsOwnRefusalIsARefusal() {
    assertThat(outcome(422, "{\"error\":\"Validation failed: Text limit\"}"))
        .isEqualTo(new Outcome.Rejected(422, "Validation failed: Text limit"));
    assertThat(outcome(422, "<html>proxy</html>")).isInstanceOf(Outcome.Ambiguous.class);
    assertThat(outcome(404, "")).isInstanceOf(Outcome.Rejected.class);
  }

  @Test
  void aNameThatCannotBeResolvedJustNowIsNoRefusal() {
    assertThat(wary(MastodonPublisherTest::fail).publish(call("hi", SECOND)).outcome())
        .isInstanceOf(Outcome.Transient.class);
    assertThat(wary(InetAddress::getAllByName).publish(call("hi", SECOND)).outcome())
        .isInstanceOf(Outcome.Rejected.class);
    assertThat(server.asked()).isEmpty();
  }

  @Test
  void whatNoStoreCouldKeepIsNotPassedOn() {
    assertThat(outcome(422, "{\"error\":\"no\\u0000pe\\ud800\"}"))
        .isEqualTo(new Outcome.Rejected(422, "nope\ufffd"));
    assertThat(outcome(200, "{\"id\":\"4\\u00002\"}")).isInstanceOf(Outcome.Ambiguous.class);
    assertThat(outcome(200, "{\"id\":\"%s\"}".formatted("4".repeat(3000))))
        .isInstanceOf(Outcome.Ambiguous.class);
    assertThat(outcome(200, "{\"id\":\"42\",\"url\":\"https://m.example/\\u0000\"}"))
        .isEqualTo(new Outcome.Accepted("42", null, 200, "created"));
  }

  @Test
  void aStatusUnderAnIdThatNoStoreCouldKeepIsNotFound() {
    account(status("4\\u00002", now.minusSeconds(5), "<p>hello</p>"));
    assertThat(probe("hello", now.minusSeconds(60))).isInstanceOf(Probe.Unknown.class);
  }

  @Test
  void refusedCredentialsAreToldApart() {
    assertThat(outcome(401, "{\"error\":\"The access token is invalid\"}"))
        .isEqualTo(new Outcome.Unauthorized(401, "The access token is invalid"));
    assertThat(outcome(403, "{\"error\":\"This action is not allowed\"}"))
        .isInstanceOf(Outcome.Unauthorized.class);
  }

  @Test
  void whatCameAfterTheBodyAndIsNeitherYesNorNoIsInDoubt() {
    for (int status : new int[] {400, 408, 409, 500, 502, 503, 504}) {
      assertThat(outcome(status, "{\"error\":\"oops\"}"))
          .as("HTTP %d", status)
          .isInstanceOf(Outcome.Ambiguous.class);
    }
    assertThat(outcome(200, "{\"id\":\"4")).isInstanceOf(Outcome.Ambiguous.class);
    assertThat(outcome(200, "{}")).isInstanceOf(Outcome.Ambiguous.class);
  }

  @Test
  void throttlingLastsUntilTheResetOrRetryAfter() {
    assertThat(
            outcome(
                429,
                "{\"error\":\"Too many requests\"}",
                Map.of(
                    "X-RateLimit-Limit", "300",
                    "X-RateLimit-Remaining", "0",
                    "X-RateLimit-Reset", now.plusSeconds(1800).toString())))
        .isEqualTo(new Outcome.Throttled(now.plusSeconds(1800), 429, "Too many requests"));
    assertThat(outcome(429, "", Map.of("Retry-After", "60")))
        .isEqualTo(new Outcome.Throttled(now.plusSeconds(60), 429, "HTTP 429"));
    assertThat(outcome(429, "")).isInstanceOf(Outcome.Throttled.class);
    assertThat(
            outcome(
                429,
                "",
                Map.of(
                    "X-RateLimit-Limit", "300",
                    "X-RateLimit-Remaining", "0",
                    "X-RateLimit-Reset", now.minusSeconds(1).toString(),
                    "Retry-After", "60")))
        .isEqualTo(new Outcome.Throttled(now.plusSeconds(60), 429, "HTTP 429"));
  }

  @Test
  void aRefusedConnectionOrUnknownHostSurelyCreatedNothing() throws IOException {
    int closed;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      closed = socket.getLocalPort();
    }
    assertThat(publishAt("http://127.0.0.1:" + closed))
        .isEqualTo(
            new Outcome.Transient(
                0, "could not connect to 127.0.0.1:" + closed + " (ConnectException)"));
    assertThat(publishAt("http://nowhere.invalid")).isInstanceOf(Outcome.Transient.class);
    // TLS spoken to a server that does not: fails before the body.
    assertThat(publishAt(server.url("").toString().replace("http:", "https:")))
        .isInstanceOf(Outcome.Transient.class);
  }

  @Test
  void aConnectionClosedOrSilentAfterTheBodyIsInDoubt() {
    server.on(
        STATUSES,
        exchange -> {
          var _ = exchange.getRequestBody().readAllBytes();
          throw new IOException("closes without a word");
        });
    assertThat(publish("hi")).isInstanceOf(Outcome.Ambiguous.class);
  }

  @Test
  void anAnswerThatNeverEndsIsInDoubtWhenItsTimeIsOver() {
    server.on(
        STATUSES,
        exchange -> {
          exchange.sendResponseHeaders(200, 1_000);
          exchange.getResponseBody().write('{');
          exchange.getResponseBody().flush();
          awaitEnd(exchange);
        });
    Outcome outcome = mastodon.publish(call("hi", Duration.ofMillis(300))).outcome();
    assertThat(outcome).isInstanceOf(Outcome.Ambiguous.class);
  }

  @Test
  void aProcessThatWasStoppedOnTheWaySendsNothingWhenItGoesOn() {
    server.on(
        STATUSES,
        exchange ->
            bodies.add(
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
    // Stopped after it began to connect: of its looks at the clock only the first is in time.
    AtomicInteger looks = new AtomicInteger();
    Clocks stopped =
        new Clocks(
            () -> looks.incrementAndGet() > 3 ? Duration.ofMinutes(1).toNanos() : 0,
            InstantSource.fixed(now));

    Outcome outcome = mastodon.publish(call("hi", Deadline.after(SECOND, stopped))).outcome();

    assertThat(looks).hasValue(4);
    assertThat(outcome).isInstanceOf(Outcome.Transient.class);
    assertThat(bodies).isEmpty();
  }

  @Test
  void outOfTimeNotOneByteIsSent() {
    server.on(STATUSES, 200, Map.of(), LoopbackServer.bytes("{\"id\":\"1\"}"));
    Outcome outcome = mastodon.publish(call("hi", Duration.ZERO)).outcome();
    assertThat(outcome).isInstanceOf(Outcome.Transient.class);
    assertThat(server.asked()).isEmpty();
  }

  @Test
  void aRedirectedPostWentNowhere() {
    server.on("/elsewhere", 200, Map.of(), LoopbackServer.bytes("{\"id\":\"1\"}"));
    assertThat(outcome(308, "", Map.of("Location", server.url("/elsewhere").toString())))
        .isInstanceOf(Outcome.Rejected.class);
    assertThat(server.asked()).containsExactly(STATUSES);
  }

  @Test
  void aPrivateAddressIsRefusedWhereTheyAreNotAllowed() {
    MastodonPublisher guarded =
        new MastodonPublisher(
            TestOutside.of(
                http,
                new AddressPolicy(false, InetAddress::getAllByName),
                InstantSource.fixed(now)));
    assertThat(guarded.publish(call("hi", SECOND)).outcome()).isInstanceOf(Outcome.Rejected.class);
    assertThat(guarded.probe(call("hi", SECOND), now, Set.of())).isInstanceOf(Probe.Unknown.class);
    assertThat(server.asked()).isEmpty();
  }

  @Test
  void findsThePostThatAnEarlierCallCreated() {
    account(
        status("9", now.minusSeconds(5), "<p>something else</p>"),
        status(
            "8",
            now.minusSeconds(10),
            "<p>hello <a href=\"x\"><span class=\"invisible\">https://</span>"
                + "<span class=\"ellipsis\">a.example/long</span>"
                + "<span class=\"invisible\">er</span></a><br />&amp; @<span>ada</span></p>"));

    assertThat(probe("hello https://a.example/longer\n& @ada@social.example", now.minusSeconds(60)))
        .isEqualTo(new Probe.Found("8", "https://m.example/8"));
  }

  @Test
  void whatIsOlderThanTheCallOrBelongsToAnotherIsNotOurs() {
    account(
        status("9", now.minusSeconds(5), "<p>hello</p>"),
        status("8", now.minusSeconds(600), "<p>hello</p>"));

    Probe probe = mastodon.probe(call("hello", SECOND), now.minusSeconds(60), Set.of("9"));
    assertThat(probe).isEqualTo(new Probe.NotFound(now.minusSeconds(60).plusSeconds(3600)));
  }

  @Test
  void timesAreComparedByTheServersOwnClock() {
    // The server's clock is ten minutes behind ours: what it made just now looks old.
    account(status("9", now.minusSeconds(5), "<p>hello</p>"));
    MastodonPublisher ahead =
        new MastodonPublisher(
            TestOutside.of(
                http,
                new AddressPolicy(true, InetAddress::getAllByName),
                InstantSource.fixed(now.plusSeconds(600))));

    assertThat(ahead.probe(call("hello", SECOND), now.plusSeconds(540), Set.of()))
        .isInstanceOf(Probe.Found.class);
  }

  @Test
  void afterAnHourTheKeyProtectsNothing() {
    account();
    assertThat(probe("hello", now.minusSeconds(3600))).isEqualTo(new Probe.NotFound(null));
  }

  /** Twenty pages of a channel that posted all the time since a call that is not settled yet. */
  @Test
  void fullPagesOfNewerStatusesAreReadFurther() {
    verify();
    server.on(
        "/api/v1/accounts/7/statuses",
        exchange -> {
          Matcher older = OLDER.matcher(exchange.getRequestURI().getQuery());
          int newest = older.find() ? Integer.parseInt(older.group(1)) - 1 : 860;
          String page =
              newest == 60
                  ? status("60", now.minusSeconds(50), "<p>hello</p>")
                  : IntStream.range(0, 40)
                      .mapToObj(i -> status("" + (newest - i), now, "<p>other</p>"))
                      .collect(Collectors.joining(","));
          answer(exchange, "[" + page + "]");
        });
    assertThat(probe("hello", now.minusSeconds(60)))
        .isEqualTo(new Probe.Found("60", "https://m.example/60"));
  }

  @Test
  void aServerThatDoesNotAnswerSaysNothing() {
    assertThat(probe("hello", now)).isInstanceOf(Probe.Unknown.class);
    verify();
    server.on("/api/v1/accounts/7/statuses", 503, Map.of(), LoopbackServer.bytes("{}"));
    assertThat(probe("hello", now)).isInstanceOf(Probe.Unknown.class);
  }

  @Test
  void namesWhatAChannelLacks() {
    assertThat(
            mastodon.check(spec(URI.create("ftp://m.example")), new Channel.Credentials(Map.of())))
        .extracting(FieldError::field)
        .containsExactly("baseUrl", "credentials.accessToken");
    assertThat(
            mastodon.check(
                spec(URI.create("https://m.example")),
                new Channel.Credentials(Map.of("accessToken", "a\nb"))))
        .extracting(FieldError::field)
        .containsExactly("credentials.accessToken");
  }

  @Test
  void takesOnlyAnAddressBehindWhichPathsCanGo() {
    Channel.Credentials token = new Channel.Credentials(Map.of("accessToken", "t"));
    for (String address : List.of("https://m.example/?a=b", "https://m.example/#x")) {
      assertThat(mastodon.check(spec(URI.create(address)), token))
          .extracting(FieldError::field)
          .containsExactly("baseUrl");
    }
    assertThat(mastodon.check(spec(URI.create("https://m.example/social/")), token)).isEmpty();
  }

  @Test
  void namesWhatATextLacks() {
    Channel.Spec spec = spec(URI.create("https://m.example"));
    assertThat(mastodon.check(spec, "x".repeat(500))).isEmpty();
    assertThat(mastodon.check(spec, "x".repeat(501)))
        .extracting(FieldError::message)
        .containsExactly(
            "must be at most 500 characters as Mastodon counts them (a link is 23), was 501");
    assertThat(mastodon.check(spec, " \n")).hasSize(1);
    assertThat(mastodon.check(spec, "x".repeat(1_000_000))).hasSize(1);
    assertThat(mastodon.check(spec, "@a" + "-a".repeat(40_000))).hasSize(1);
  }

  private MastodonPublisher wary(AddressPolicy.Resolver resolver) {
    return new MastodonPublisher(
        TestOutside.of(http, new AddressPolicy(false, resolver), InstantSource.fixed(now)));
  }

  private static InetAddress[] fail(String host) throws UnknownHostException {
    throw new UnknownHostException(host);
  }

  private Outcome outcome(int status, String body) {
    return outcome(status, body, Map.of());
  }

  private Outcome outcome(int status, String body, Map<String, String> headers) {
    try (LoopbackServer once = new LoopbackServer()) {
      once.on(STATUSES, status, headers, LoopbackServer.bytes(body));
      Outcome outcome = publishAt(once.url("").toString());
      server.asked().addAll(once.asked());
      return outcome;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private Outcome publish(String text) {
    return mastodon.publish(call(text, SECOND)).outcome();
  }

  private Outcome publishAt(String baseUrl) {
    Call call =
        new Call(
            spec(URI.create(baseUrl)),
            credentials(),
            "hi",
            "key-1",
            Deadline.after(SECOND.multipliedBy(3), CLOCKS),
            null);
    return mastodon.publish(call).outcome();
  }

  private Probe probe(String text, Instant firstCallAt) {
    return mastodon.probe(call(text, SECOND.multipliedBy(3)), firstCallAt, Set.of());
  }

  private Call call(String text, Duration timeout) {
    return call(text, Deadline.after(timeout, CLOCKS));
  }

  private Call call(String text, Deadline deadline) {
    return new Call(spec(server.url("")), credentials(), text, "key-1", deadline, null);
  }

  private static Channel.Spec spec(URI baseUrl) {
    return new Channel.Spec("mastodon", "@me", baseUrl, ZoneId.of("UTC"), List.of());
  }

  private static Channel.Credentials credentials() {
    return new Channel.Credentials(Map.of("accessToken", "token-1"));
  }

  private void account(String... statuses) {
    verify();
    server.on(
        "/api/v1/accounts/7/statuses",
        exchange -> answer(exchange, "[" + String.join(",", statuses) + "]"));
  }

  private void verify() {
    server.on(
        "/api/v1/accounts/verify_credentials", exchange -> answer(exchange, "{\"id\":\"7\"}"));
  }

  private static void answer(HttpExchange exchange, String json) throws IOException {
    LoopbackServer.answer(exchange, 200, Map.of(), LoopbackServer.bytes(json));
  }

  private static String status(String id, Instant createdAt, String content) {
    return "{\"id\":\"%s\",\"created_at\":\"%s\",\"url\":\"https://m.example/%s\",\"content\":\"%s\"}"
        .formatted(id, createdAt, id, content.replace("\"", "\\\""));
  }

  private static @Nullable String header(HttpExchange exchange, String name) {
    return exchange.getRequestHeaders().getFirst(name);
  }

  private static void awaitEnd(HttpExchange exchange) throws IOException {
    // Ends when the client hangs up: the request's stream is at its end, writing then fails.
    while (true) {
      exchange.getResponseBody().write(' ');
      exchange.getResponseBody().flush();
      java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
    }
  }
}
