package io.pulsegrid.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pulsegrid.connectors.feed.FeedCollector;
import io.pulsegrid.connectors.hackernews.HackerNewsCollector;
import io.pulsegrid.connectors.http.AddressPolicy;
import io.pulsegrid.connectors.http.FetchLimits;
import io.pulsegrid.connectors.http.SourceGate;
import io.pulsegrid.connectors.http.WebClient;
import io.pulsegrid.connectors.publish.Connectors;
import io.pulsegrid.connectors.publish.Outside;
import io.pulsegrid.core.post.IncomingPost;
import io.pulsegrid.core.publish.Channel;
import io.pulsegrid.core.publish.Outcome;
import io.pulsegrid.core.publish.Publisher;
import io.pulsegrid.core.source.Collector;
import io.pulsegrid.core.source.Schedule;
import io.pulsegrid.core.source.Source;
import io.pulsegrid.core.time.Clocks;
import io.pulsegrid.core.time.Deadline;
import io.pulsegrid.sim.Sim;
import io.pulsegrid.sim.SimOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Our connectors against the stand-in: both were built from the platforms' own descriptions. */
class ConnectorsTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  private final Sim sim = Sim.start(SimOptions.local(0));
  private final HttpClient http =
      HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NEVER).build();
  private final AddressPolicy addresses = new AddressPolicy(true, InetAddress::getAllByName);
  private final WebClient web =
      new WebClient(http, addresses, SourceGate.OPEN, InstantSource.system(), "Pulsegrid-test");
  private final FetchLimits limits = new FetchLimits(Duration.ofSeconds(5), 4_000_000);
  private final Publisher mastodon =
      new Connectors(
              new Outside(
                  http, addresses, InstantSource.system(), _ -> {}, _ -> OptionalInt.of(500)))
          .of("mastodon");

  @AfterEach
  void close() {
    http.close();
    sim.close();
  }

  @Test
  void publishesOnceUnderOneKey() {
    Outcome first = publish("t-paris", "Hello <world> & all", "k-1");
    Outcome again = publish("t-paris", "Hello <world> & all", "k-1");
    assertThat(first).isInstanceOf(Outcome.Accepted.class).isEqualTo(again);
  }

  @ParameterizedTest
  @CsvSource({
    "refuse,            Ambiguous, false",
    "create-then-close, Ambiguous, true",
    "create-then-500,   Ambiguous, true",
    "create-then-400,   Ambiguous, true",
    "create-then-delay, Ambiguous, true",
    "500,               Ambiguous, false",
    "429,               Throttled, false"
  })
  void tellsWhatItKnowsAndThenAsks(String kind, String outcome, boolean there) throws Exception {
    wait("{'platform':'mastodon','op':'publish','kind':'%s','count':1,'delayMs':%d}", kind);
    Instant start = Instant.now();
    Outcome told = publish("t-a", "In doubt: https://a.example/x?y=1 #tag\n\nsecond line", "k");
    assertThat(told.getClass().getSimpleName()).as(told.toString()).isEqualTo(outcome);
    Publisher.Probe probe =
        mastodon.probe(
            call("t-a", "In doubt: https://a.example/x?y=1 #tag\n\nsecond line", "k"),
            start,
            Set.of());
    assertThat(probe)
        .isInstanceOf(there ? Publisher.Probe.Found.class : Publisher.Probe.NotFound.class);
  }

  @Test
  void waitsUntilThePlatformSays() throws Exception {
    put("{\"mastodon\":{\"limit\":1,\"windowSeconds\":600}}");
    Instant start = Instant.now();
    assertThat(publish("t-a", "one", "k1")).isInstanceOf(Outcome.Accepted.class);
    Outcome second = publish("t-a", "two", "k2");
    assertThat(second).isInstanceOf(Outcome.Throttled.class);
    assertThat(((Outcome.Throttled) second).until())
        .isBetween(start.plusSeconds(599), Instant.now().plusSeconds(600));
  }

  @Test
  void understandsARefusal() {
    assertThat(publish("bad", "x", "k")).isInstanceOf(Outcome.Unauthorized.class);
    assertThat(publish("t-a", "x".repeat(501), "k")).isInstanceOf(Outcome.Rejected.class);
    sim.close();
    assertThat(publish("t-a", "x", "k")).isInstanceOf(Outcome.Transient.class);
  }

  @ParameterizedTest
  @CsvSource({"all.rss", "all.atom", "tech.rss", "world.atom", "moved.rss"})
  void collectsFeeds(String feed) {
    Collector collector = new FeedCollector(web, () -> limits, InstantSource.system());
    Collector.Result.Collected visit = collect(collector, "feed", "/feeds/" + feed);
    assertThat(visit.rejected()).isEmpty();
    assertThat(visit.posts()).hasSizeGreaterThan(10).allSatisfy(ConnectorsTest::assertUsable);
    Source.Spec spec = spec("feed", visit.movedTo() == null ? "/feeds/" + feed : "/feeds/tech.rss");
    // That world goes on: a post may have come in between.
    List<Source.Position> positions = new ArrayList<>(List.of(visit.next()));
    await()
        .until(
            () -> {
              Collector.Result again = collector.collect(call(spec, positions.getLast()));
              if (again instanceof Collector.Result.Collected news) {
                positions.add(news.next());
              }
              return again instanceof Collector.Result.NotModified;
            });
  }

  @ParameterizedTest
  @CsvSource({"bomb", "endless"})
  void failsOnAFeedThatMisbehaves(String feed) {
    Collector collector = new FeedCollector(web, () -> limits, InstantSource.system());
    Collector.Result result =
        collector.collect(call(spec("feed", "/feeds/" + feed + ".rss"), Source.Position.START));
    assertThat(result).isInstanceOf(Collector.Result.Failed.class);
  }

  @ParameterizedTest
  @CsvSource({"topstories", "newstories", "beststories"})
  void collectsHackerNews(String list) {
    Collector collector =
        new HackerNewsCollector(
            web, () -> limits, InstantSource.system(), task -> Thread.ofVirtual().start(task));
    Collector.Result.Collected visit =
        collect(collector, "hackernews", "/hackernews/v0/" + list + ".json");
    assertThat(visit.rejected()).isEmpty();
    assertThat(visit.posts()).hasSizeGreaterThan(100).allSatisfy(ConnectorsTest::assertUsable);
  }

  private Collector.Result.Collected collect(Collector collector, String kind, String path) {
    Source.Spec spec = spec(kind, path);
    assertThat(collector.check(spec, Source.Credentials.NONE)).isEmpty();
    Collector.Result result = collector.collect(call(spec, Source.Position.START));
    assertThat(result).isInstanceOf(Collector.Result.Collected.class);
    return (Collector.Result.Collected) result;
  }

  private static Collector.Call call(Source.Spec spec, Source.Position from) {
    return new Collector.Call("s", spec, Source.Credentials.NONE, from);
  }

  private Source.Spec spec(String kind, String path) {
    return new Source.Spec(
        kind, sim.uri().resolve(path), new Schedule.Every(Duration.ofMinutes(5)), 5);
  }

  private static void assertUsable(IncomingPost post) {
    assertThat(post.errors()).isEmpty();
    assertThat(post.publishedAt()).isBeforeOrEqualTo(Instant.now());
    assertThat(post.content().author()).isNotBlank();
  }

  private Outcome publish(String token, String text, String key) {
    return mastodon.publish(call(token, text, key)).outcome();
  }

  private Publisher.Call call(String token, String text, String key) {
    URI server = URI.create(sim.uri() + "/mastodon");
    return new Publisher.Call(
        new Channel.Spec("mastodon", "@a", server, ZoneOffset.UTC, List.of()),
        new Channel.Credentials(Map.of("accessToken", token)),
        text,
        key,
        Deadline.after(TIMEOUT, new Clocks(System::nanoTime, InstantSource.system())),
        null);
  }

  private void wait(String fault, String kind) throws IOException, InterruptedException {
    long delay = kind.endsWith("delay") ? TIMEOUT.toMillis() * 2 : 0;
    send("POST", "/sim/faults", "[" + fault.formatted(kind, delay).replace('\'', '"') + "]");
  }

  private void put(String limits) throws IOException, InterruptedException {
    send("PUT", "/sim/limits", limits);
  }

  private void send(String method, String path, String body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(sim.uri().resolve(path))
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    assertThat(http.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
  }
}
