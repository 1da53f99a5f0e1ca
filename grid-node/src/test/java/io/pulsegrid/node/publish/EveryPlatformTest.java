package io.pulsegrid.node.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.core.publish.Channel;
import io.pulsegrid.core.publish.Delivery;
import io.pulsegrid.core.publish.DeliveryState;
import java.net.URI;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** A channel of each platform, made as a person makes it, through the engine to the stand-in. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EveryPlatformTest {
  private static final Duration SOON = Duration.ofSeconds(40);

  private final EngineFixture fixture = new EngineFixture(1);

  /** What a channel of a platform needs, and what a text must look like there. */
  record Platform(String name, String handle, Map<String, String> credentials, String form) {
    String text(String words) {
      return form.formatted(words);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Platform> platforms() {
    Map<String, String> token = Map.of("accessToken", "t-all");
    return Stream.of(
        new Platform("bluesky", "@me.bsky.example", Map.of("appPassword", "t-all"), "%s"),
        new Platform("devto", "@me", Map.of("apiKey", "t-all"), "A title\n\n%s"),
        new Platform("facebook", "A page", token, "%s"),
        new Platform(
            "instagram",
            "@me",
            Map.of("accessToken", "t-all", "userId", "17841400"),
            "%s\nhttps://images.example/cat.jpg"),
        new Platform(
            "linkedin",
            "A company",
            Map.of("accessToken", "t-all", "author", "urn:li:organization:1"),
            "%s"),
        new Platform("mastodon", "@me", token, "%s"),
        new Platform(
            "reddit",
            "r/test",
            Map.of("clientId", "i", "clientSecret", "s", "refreshToken", "t-all"),
            "%s\nand more"),
        new Platform("webhook", "a receiver", Map.of("secret", "t-all"), "%s"));
  }

  @BeforeAll
  void start() {
    fixture.start();
  }

  @AfterAll
  void close() {
    fixture.close();
  }

  @ParameterizedTest
  @MethodSource("platforms")
  void publishesOnIt(Platform platform) {
    Delivery delivery = fixture.publish(channel(platform), platform.text("hello there"));

    awaitPublished(delivery);
    assertThat(arrived(platform, "hello there"))
        .singleElement()
        .satisfies(
            entry ->
                assertThat(entry.path("id").asString())
                    .isEqualTo(fixture.base.now(delivery).result().remoteId()));
  }

  @ParameterizedTest
  @MethodSource("platforms")
  void findsWhatItCreatedWithoutAnAnswer(Platform platform) {
    fixture.fault(platform.name(), "create-then-close", 1, "");
    Delivery delivery = fixture.publish(channel(platform), platform.text("without an answer"));

    awaitPublished(delivery);
    assertThat(fixture.story(delivery)).containsExactly("ambiguous", "probed");
    assertThat(arrived(platform, "without an answer")).hasSize(1);
  }

  private String channel(Platform platform) {
    String path = platform.name().equals("webhook") ? "webhook/all" : platform.name();
    URI baseUrl = URI.create("http://127.0.0.1:" + fixture.sim.port() + "/" + path);
    return fixture.channel(
        new Channel.Spec(platform.name(), platform.handle(), baseUrl, ZoneOffset.UTC, List.of()),
        platform.credentials());
  }

  private List<JsonNode> arrived(Platform platform, String words) {
    return fixture.arrived().stream()
        .filter(entry -> entry.path("platform").asString().equals(platform.name()))
        .filter(entry -> entry.path("text").asString().contains(words))
        .toList();
  }

  private void awaitPublished(Delivery delivery) {
    fixture.awaitState(delivery, DeliveryState.PUBLISHED, SOON);
  }
}
