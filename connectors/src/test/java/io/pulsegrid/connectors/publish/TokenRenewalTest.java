package io.pulsegrid.connectors.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.connectors.http.AddressPolicy;
import io.pulsegrid.core.failure.FieldError;
import io.pulsegrid.core.publish.Channel;
import io.pulsegrid.core.publish.Outcome;
import io.pulsegrid.core.publish.Publisher;
import io.pulsegrid.core.publish.TokenRenewal;
import io.pulsegrid.core.publish.TokenRenewal.Renewal;
import io.pulsegrid.core.time.Clocks;
import io.pulsegrid.core.time.Deadline;
import io.pulsegrid.sim.Sim;
import io.pulsegrid.sim.SimOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every platform whose tokens are renewed, over real HTTP. */
class TokenRenewalTest {
  private static final Clocks CLOCKS = new Clocks(System::nanoTime, InstantSource.system());
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Sim sim = Sim.start(SimOptions.local(0));
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
  private final Connectors connectors = connectors(true);

  /** A platform with credentials that can be renewed, and a secret that is refused. */
  record Platform(String name, Map<String, String> more, String secret) {
    Channel.Credentials credentials() {
      Map<String, String> values = new HashMap<>(more);
      values.put("accessToken", "t-paris");
      return new Channel.Credentials(values);
    }

    Channel.Credentials with(String name, String value) {
      Map<String, String> values = new HashMap<>(credentials().values());
      values.put(name, value);
      return new Channel.Credentials(values);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Platform> platforms() {
    Map<String, String> app = Map.of("appId", "1", "appSecret", "secret");
    return Stream.of(
        new Platform(
            "linkedin",
            Map.of(
                "author",
                "urn:li:organization:1",
                "refreshToken",
                "t-paris",
                "clientId",
                "1",
                "clientSecret",
                "secret"),
            "clientSecret"),
        new Platform("facebook", app, "appSecret"),
        new Platform(
            "instagram",
            Map.of("appId", "1", "appSecret", "secret", "userId", "17841400"),
            "appSecret"));
  }

  @AfterEach
  void close() {
    http.close();
    sim.close();
  }

  @ParameterizedTest
  @MethodSource("platforms")
  void aNewTokenOpensTheSameAccountAndNamesItsEnd(Platform platform) {
    Renewal.Renewed renewed = (Renewal.Renewed) renew(platform, platform.credentials());

    assertThat(renewed.life()).isEqualTo(Duration.ofDays(60));
    assertThat(renewed.credentials().values())
        .containsAllEntriesOf(platform.more())
        .doesNotContainEntry("accessToken", "t-paris");
    assertThat(publish(platform, renewed.credentials())).isInstanceOf(Outcome.Accepted.class);
    assertThat(send("GET", "/sim/ledger", "")).contains("\"paris\"");
  }

  @ParameterizedTest
  @MethodSource("platforms")
  void aTokenThatEndedStaysRefused(Platform platform) {
    fault(platform, "expired", "*");
    assertThat(publish(platform, platform.credentials())).isInstanceOf(Outcome.Unauthorized.class);
    assertThat(publish(platform, platform.credentials())).isInstanceOf(Outcome.Unauthorized.class);
    assertThat(send("GET", "/sim/ledger", "")).doesNotContain("\"paris\"");
  }

  @Test
  void linkedinRenewsATokenThatEndedMetaOnlyInTime() {
    Platform linkedin = platforms().toList().get(0);
    fault(linkedin, "expired", "publish");
    publish(linkedin, linkedin.credentials());
    Renewal.Renewed renewed = (Renewal.Renewed) renew(linkedin, linkedin.credentials());
    assertThat(publish(linkedin, renewed.credentials())).isInstanceOf(Outcome.Accepted.class);

    Platform facebook = platforms().toList().get(1);
    fault(facebook, "expired", "publish");
    publish(facebook, facebook.credentials());
    assertThat(renew(facebook, facebook.credentials())).isInstanceOf(Renewal.Refused.class);
  }

  @ParameterizedTest
  @MethodSource("platforms")
  void aClientThatIsRefusedIsToldInThePlatformsWords(Platform platform) {
    assertThat(renew(platform, platform.with(platform.secret(), "wrong")))
        .isInstanceOfSatisfying(
            Renewal.Refused.class, refused -> assertThat(refused.detail()).isNotBlank());
  }

  @ParameterizedTest
  @MethodSource("platforms")
  void whatFailsInPassingSaysNothingOfTheAccount(Platform platform) {
    for (String kind : List.of("500", "refuse", "429", "429-bare")) {
      // The client itself asks once more where a connection closes without an answer.
      fault(platform, kind, "token", 3);
      assertThat(renew(platform, platform.credentials()))
          .as(kind)
          .isInstanceOf(Renewal.Failed.class);
      send("DELETE", "/sim/faults", "");
    }
    send(
        "POST",
        "/sim/faults",
        "[{\"platform\":\"%s\",\"op\":\"token\",\"kind\":\"delay\",\"count\":1,\"delayMs\":2000}]"
            .formatted(platform.name()));
    assertThat(
            renewal(platform)
                .renew(
                    spec(platform),
                    platform.credentials(),
                    Deadline.after(Duration.ofMillis(300), CLOCKS)))
        .isInstanceOf(Renewal.Failed.class);
    assertThat(renew(platform, platform.credentials())).isInstanceOf(Renewal.Renewed.class);
  }

  @ParameterizedTest
  @MethodSource("platforms")
  void aPrivateAddressIsNotAsked(Platform platform) {
    TokenRenewal guarded = connectors(false).of(platform.name()).renewal().orElseThrow();
    assertThat(
            guarded.renew(spec(platform), platform.credentials(), Deadline.after(PATIENCE, CLOCKS)))
        .isInstanceOfSatisfying(
            Renewal.Refused.class,
            refused -> assertThat(refused.detail()).contains("private address"));
  }

  @ParameterizedTest
  @MethodSource("platforms")
  void namesWhatARenewalLacks(Platform platform) {
    Publisher publisher = connectors.of(platform.name());
    assertThat(publisher.check(spec(platform), platform.credentials())).isEmpty();
    Map<String, String> values = new HashMap<>(platform.credentials().values());
    values.remove(platform.secret());
    Channel.Credentials lacking = new Channel.Credentials(values);
    assertThat(publisher.check(spec(platform), lacking))
        .extracting(FieldError::field)
        .containsExactly("credentials." + platform.secret());
    Channel.Credentials tokenAlone =
        new Channel.Credentials(
            Map.of("accessToken", "t-a", "author", "urn:li:person:1", "userId", "17841400"));
    assertThat(renewal(platform).renews(tokenAlone)).isFalse();
    assertThat(publisher.check(spec(platform), tokenAlone)).isEmpty();
  }

  @Test
  void whereTokensLastOrAreKeptInMemoryNothingIsToBeRenewed() {
    for (String platform : List.of("mastodon", "devto", "webhook", "bluesky", "reddit")) {
      assertThat(connectors.of(platform).renewal()).as(platform).isEmpty();
    }
  }

  private Renewal renew(Platform platform, Channel.Credentials credentials) {
    return renewal(platform).renew(spec(platform), credentials, Deadline.after(PATIENCE, CLOCKS));
  }

  private TokenRenewal renewal(Platform platform) {
    return connectors.of(platform.name()).renewal().orElseThrow();
  }

  private Outcome publish(Platform platform, Channel.Credentials credentials) {
    return connectors
        .of(platform.name())
        .publish(
            new Publisher.Call(
                spec(platform),
                credentials,
                "hello\nhttps://images.example/cat.jpg",
                "key-" + platform.name(),
                Deadline.after(PATIENCE, CLOCKS),
                null))
        .outcome();
  }

  private Channel.Spec spec(Platform platform) {
    URI baseUrl = URI.create(sim.uri() + "/" + platform.name());
    return new Channel.Spec(platform.name(), "@me", baseUrl, ZoneOffset.UTC, List.of());
  }

  private Connectors connectors(boolean allowPrivate) {
    return new Connectors(
        TestOutside.of(
            http,
            new AddressPolicy(allowPrivate, InetAddress::getAllByName),
            InstantSource.system()));
  }

  private void fault(Platform platform, String kind, String op) {
    fault(platform, kind, op, 1);
  }

  private void fault(Platform platform, String kind, String op, int count) {
    send(
        "POST",
        "/sim/faults",
        "[{\"platform\":\"%s\",\"op\":\"%s\",\"kind\":\"%s\",\"count\":%d}]"
            .formatted(platform.name(), op, kind, count));
  }

  private String send(String method, String path, String body) {
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
