package io.pulsegrid.connectors.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.connectors.TestWeb;
import io.pulsegrid.connectors.http.AddressPolicy;
import io.pulsegrid.connectors.http.FetchLimits;
import io.pulsegrid.connectors.listen.Collectors;
import io.pulsegrid.connectors.listen.Quota;
import io.pulsegrid.connectors.listen.Reach;
import io.pulsegrid.core.failure.FieldError;
import io.pulsegrid.core.publish.Channel;
import io.pulsegrid.core.publish.Outcome;
import io.pulsegrid.core.publish.Publisher;
import io.pulsegrid.core.publish.Publisher.Call;
import io.pulsegrid.core.publish.Publisher.Identity;
import io.pulsegrid.core.publish.Publisher.Probe;
import io.pulsegrid.core.source.EngagementReader;
import io.pulsegrid.core.source.Source;
import io.pulsegrid.core.time.Clocks;
import io.pulsegrid.core.time.Deadline;
import io.pulsegrid.sim.Sim;
import io.pulsegrid.sim.SimOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What holds for every connector, over real HTTP against the stand-in of its platform. */
abstract class ConnectorContract {
  private static final Clocks CLOCKS = new Clocks(System::nanoTime, InstantSource.system());
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private volatile Duration simAhead = Duration.ZERO;
  final Sim sim = Sim.start(SimOptions.local(0).withClock(() -> Instant.now().plus(simAhead)));
  final HttpClient http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
  final Outside outside =
      TestOutside.of(
          http, new AddressPolicy(true, InetAddress::getAllByName), InstantSource.system());
  private final Connectors connectors = new Connectors(outside);

  abstract String platform();

  /** What a channel of the account needs. */
  abstract Map<String, String> secrets(String account);

  /** How many characters are too many. */
  abstract String tooLong();

  /** What a text must look like to be taken. */
  String text(String words) {
    return words;
  }

  /** How long a call may take that is to end before its answer. */
  Duration impatience() {
    return Duration.ofMillis(700);
  }

  String handle() {
    return "@me";
  }

  /** How it is known whose account it is. */
  Class<? extends Identity> identity() {
    return Identity.Known.class;
  }

  /** When a limit is free again at the earliest whose reset is ten minutes away. */
  Instant leastReset(Instant now) {
    return now.plusSeconds(500);
  }

  URI baseUrl(String account) {
    return URI.create(sim.uri() + "/" + platform());
  }

  @BeforeEach
  final void manyAtOnce() {
    limit(1_000, 60);
  }

  @AfterEach
  final void close() {
    http.close();
    sim.close();
  }

  @Test
  final void putsThePostThereAndTellsItsId() {
    Outcome outcome = publish("paris", "Grüße & <more> 👋🏽", "key-1");

    assertThat(outcome).isInstanceOf(Outcome.Accepted.class);
    assertThat(ledger())
        .singleElement()
        .satisfies(
            entry -> {
              assertThat(entry.path("platform").asString()).isEqualTo(platform());
              assertThat(entry.path("account").asString()).isEqualTo("paris");
              assertThat(entry.path("text").asString()).contains("Grüße & <more> 👋🏽");
              assertThat(entry.path("id").asString())
                  .isEqualTo(((Outcome.Accepted) outcome).remoteId());
            });
  }

  @Test
  final void twoPostsAtOnceAreTwoPosts() {
    publish("paris", "one", "key-1");
    publish("paris", "two", "key-2");
    assertThat(ledger()).hasSize(2);
  }

  @Test
  final void aTokenThatOpensNothingIsUnauthorized() {
    assertThat(publish("bad", "hello", "key-1")).isInstanceOf(Outcome.Unauthorized.class);
    assertThat(ledger()).isEmpty();
  }

  @Test
  final void tellsOneAccountFromAnother() {
    Identity paris = identify(baseUrl("paris"), "paris");
    Identity lyon = identify(baseUrl("lyon"), "lyon");

    assertThat(paris).isInstanceOf(identity()).isEqualTo(identify(baseUrl("paris"), "paris"));
    assertThat(lyon).isInstanceOf(identity());
    if (identity() != Identity.None.class) {
      assertThat(lyon).isNotEqualTo(paris);
    }
    assertThat(ledger()).isEmpty();
  }

  @Test
  final void credentialsThatOpenNoAccountAreToldFromAPlatformThatDoesNotAnswer()
      throws IOException {
    Identity refused = identify(baseUrl("bad"), "bad");
    Identity unheard = identify(nobody(), "paris");
    fault("500", "*", 0);
    Identity failing = identify(baseUrl("paris"), "paris");

    if (identity() == Identity.Known.class) {
      assertThat(refused).isInstanceOf(Identity.Refused.class);
      assertThat(List.of(unheard, failing)).hasOnlyElementsOfType(Identity.Unknown.class);
    } else {
      assertThat(List.of(refused, unheard, failing)).hasOnlyElementsOfType(identity());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "refuse,            false",
    "create-then-close, true",
    "create-then-500,   true",
    "create-then-400,   true",
    "500,               false"
  })
  final void whatMayBeThereIsInDoubtUntilThePlatformIsAsked(String kind, boolean there) {
    fault(kind, "publish", 0);
    Instant armed = Instant.now();
    Call call = call("paris", "hello world", "key-1", PATIENCE);

    assertThat(publisher().publish(call).outcome()).isInstanceOf(Outcome.Ambiguous.class);
    assertThat(ledger()).hasSize(there ? 1 : 0);

    Probe probe = publisher().probe(call, armed, Set.of());
    if (there) {
      assertThat(probe).isInstanceOf(Probe.Found.class);
      assertThat(((Probe.Found) probe).remoteId())
          .isEqualTo(ledger().getFirst().path("id").asString());
    } else {
      assertThat(probe).isInstanceOf(Probe.NotFound.class);
    }
  }

  @Test
  final void noAnswerInTimeIsInDoubtAndThePostIsFound() {
    // Signs in first, so that the time that is left is the post's.
    publish("paris", "before", "key-0");
    fault("create-then-delay", "publish", (int) impatience().plusSeconds(1).toMillis());
    Instant armed = Instant.now();

    assertThat(publisher().publish(call("paris", "late", "key-1", impatience())).outcome())
        .isInstanceOf(Outcome.Ambiguous.class);
    assertThat(publisher().probe(call("paris", "late", "key-1", PATIENCE), armed, Set.of()))
        .isInstanceOf(Probe.Found.class);
  }

  @Test
  final void whatAnotherDeliveryHasClaimedIsNotOurs() {
    Instant armed = Instant.now();
    Outcome.Accepted first = (Outcome.Accepted) publish("paris", "the same", "key-1");

    Probe probe =
        publisher()
            .probe(call("paris", "the same", "key-1", PATIENCE), armed, Set.of(first.remoteId()));

    assertThat(probe).isNotInstanceOf(Probe.Found.class);
  }

  /** Or the one would be taken for the other, which would be sent a second time then. */
  @Test
  final void aPostIsNotTakenForAnotherUnlessItSaysSo() {
    Instant armed = Instant.now();
    publish("paris", "one", "key-1");
    Call other = call("paris", "two", "key-2", PATIENCE);

    assertThat(publisher().confuses(text("one"), text("two"))).isFalse();
    assertThat(publisher().confuses(text("one"), text("one"))).isFalse();
    assertThat(publisher().probe(other, armed, Set.of())).isNotInstanceOf(Probe.Found.class);
  }

  @Test
  final void aThrottledCallTellsUntilWhen() {
    fault("429", "publish", 600_000);
    Instant now = Instant.now();
    assertThat(publish("paris", "hello", "key-1"))
        .isInstanceOfSatisfying(
            Outcome.Throttled.class,
            throttled ->
                assertThat(throttled.until())
                    .isAfterOrEqualTo(leastReset(now))
                    .isBefore(now.plus(Duration.ofHours(25))));
    assertThat(ledger()).isEmpty();
  }

  @Test
  final void aThrottledCallWithoutAHeaderIsHeldBackAllTheSame() {
    fault("429-bare", "publish", 0);
    Instant now = Instant.now();
    assertThat(publish("paris", "hello", "key-1"))
        .isInstanceOfSatisfying(
            Outcome.Throttled.class,
            throttled -> assertThat(throttled.until()).isAfter(now.plusSeconds(59)));
    assertThat(ledger()).isEmpty();
  }

  @Test
  final void aThrottledQuestionTellsUntilWhen() {
    // Signs in first, so that the question is what comes next.
    publish("paris", "before", "key-0");
    Instant now = Instant.now();
    Call call = call("paris", "hello", "key-1", PATIENCE);
    send(
        "POST",
        "/sim/faults",
        "[{\"platform\":\"%s\",\"kind\":\"429\",\"count\":1,\"delayMs\":600000}]"
            .formatted(platform()));

    assertThat(publisher().probe(call, now, Set.of()))
        .isInstanceOf(Probe.Unknown.class)
        .extracting(probe -> ((Probe.Unknown) probe).throttled())
        .isInstanceOfSatisfying(
            Outcome.Throttled.class,
            throttled -> assertThat(throttled.until()).isAfter(now.plusSeconds(59)));
  }

  @Test
  final void thePlatformsOwnLimitIsHeardAndNeverExceeded() {
    limit(2, 3_600);
    assertThat(publish("paris", "one", "key-1")).isInstanceOf(Outcome.Accepted.class);
    assertThat(publish("paris", "two", "key-2")).isInstanceOf(Outcome.Accepted.class);
    assertThat(publish("paris", "three", "key-3"))
        .isInstanceOfSatisfying(
            Outcome.Throttled.class,
            throttled -> assertThat(throttled.until()).isAfter(Instant.now().plusSeconds(59)));
    assertThat(ledger()).hasSize(2);
  }

  @Test
  final void aRefusedConnectionSurelyCreatedNothing() throws IOException {
    Call call = call(nobody(), "paris", "hello", "key-1", PATIENCE);
    assertThat(publisher().publish(call).outcome()).isInstanceOf(Outcome.Transient.class);
    assertThat(publisher().probe(call, Instant.now(), Set.of())).isInstanceOf(Probe.Unknown.class);
  }

  private URI nobody() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/" + platform());
    }
  }

  private Identity identify(URI address, String account) {
    return publisher()
        .identify(
            spec(address),
            new Channel.Credentials(secrets(account)),
            Deadline.after(PATIENCE, CLOCKS));
  }

  @Test
  final void namesWhatAChannelLacks() {
    Channel.Spec nowhere = spec(URI.create("ftp://a.example"));
    assertThat(publisher().check(nowhere, new Channel.Credentials(Map.of())))
        .extracting(FieldError::field)
        .contains("baseUrl")
        .anyMatch(field -> field.startsWith("credentials."));
    assertThat(publisher().check(spec(baseUrl("paris")), new Channel.Credentials(secrets("paris"))))
        .isEmpty();
  }

  @Test
  final void namesWhatATextLacks() {
    Channel.Spec spec = spec(baseUrl("paris"));
    assertThat(publisher().check(spec, text("hello"))).isEmpty();
    for (String wrong : List.of(" \n", tooLong())) {
      assertThat(publisher().check(spec, wrong))
          .extracting(FieldError::field)
          .isNotEmpty()
          .allMatch("text"::equals);
    }
  }

  @Test
  final void whatWasPublishedIsAskedAboutAgain() {
    // Of a webhook nobody knows what became of it.
    for (EngagementReader reader : reader().stream().toList()) {
      String id = ((Outcome.Accepted) publish("paris", "hello", "key-1")).remoteId();

      assertThat(read(reader, "paris", id))
          .isInstanceOfSatisfying(
              EngagementReader.Answer.Counted.class,
              counted -> {
                assertThat(counted.counts()).containsOnlyKeys(id);
                assertThat(counted.gone()).isEmpty();
              });
    }
  }

  final Optional<EngagementReader> reader() {
    return Collectors.over(
            new Reach(
                TestWeb.client(true),
                Quota.OPEN,
                _ -> new FetchLimits(PATIENCE, 1 << 20),
                InstantSource.system()))
        .readers()
        .stream()
        .filter(it -> it.platform().equals(platform()))
        .findFirst();
  }

  final EngagementReader.Answer read(EngagementReader reader, String account, String... ids) {
    return reader.read(
        new EngagementReader.Account(
            "channel-1", baseUrl(account), handle(), new Source.Credentials(secrets(account))),
        Arrays.stream(ids).map(id -> new EngagementReader.Subject(id, null)).toList());
  }

  /** Lets time pass on the platform alone. */
  final void laterThere(Duration step) {
    simAhead = simAhead.plus(step);
  }

  final Publisher publisher() {
    return connectors.of(platform());
  }

  final Outcome publish(String account, String words, String key) {
    return publisher().publish(call(account, words, key, PATIENCE)).outcome();
  }

  final Call call(String account, String words, String key, Duration patience) {
    return call(baseUrl(account), account, words, key, patience);
  }

  final Call call(URI baseUrl, String account, String words, String key, Duration patience) {
    return new Call(
        spec(baseUrl),
        new Channel.Credentials(secrets(account)),
        text(words),
        key,
        Deadline.after(patience, CLOCKS),
        null);
  }

  Channel.Spec spec(URI baseUrl) {
    return new Channel.Spec(platform(), handle(), baseUrl, ZoneOffset.UTC, List.of());
  }

  final List<JsonNode> ledger() {
    return List.copyOf(
        JsonMapper.shared().readTree(send("GET", "/sim/ledger", "")).path("items").values());
  }

  final void limit(int limit, int windowSeconds) {
    send(
        "PUT",
        "/sim/limits",
        "{\"%s\":{\"limit\":%d,\"windowSeconds\":%d}}".formatted(platform(), limit, windowSeconds));
  }

  final void fault(String kind, String op, int delayMillis) {
    send(
        "POST",
        "/sim/faults",
        "[{\"platform\":\"%s\",\"op\":\"%s\",\"kind\":\"%s\",\"count\":1,\"delayMs\":%d}]"
            .formatted(platform(), op, kind, delayMillis));
  }

  final String send(String method, String path, String body) {
    try {
      var answer =
          http.send(
              HttpRequest.newBuilder(URI.create(sim.uri() + path))
                  .method(method, BodyPublishers.ofString(body))
                  .build(),
              BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(answer.body()).isLessThan(300);
      return answer.body();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
