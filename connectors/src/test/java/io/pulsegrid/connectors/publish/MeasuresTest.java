package io.pulsegrid.connectors.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.connectors.http.AddressPolicy;
import io.pulsegrid.core.failure.FieldError;
import io.pulsegrid.core.publish.Channel;
import io.pulsegrid.core.publish.Measure;
import io.pulsegrid.core.publish.Publisher;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What each platform counts of a text, which is what a text is refused by. */
class MeasuresTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Connectors CONNECTORS =
      new Connectors(
          TestOutside.of(
              HTTP, new AddressPolicy(true, InetAddress::getAllByName), InstantSource.system()));

  /** A family of four in one character: 7 code points, 25 bytes. */
  private static final String FAMILY =
      "\uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67\u200D\uD83D\uDC66";

  private static final String IMAGE = "\nhttps://images.example/cat.jpg";

  @AfterAll
  static void close() {
    HTTP.close();
  }

  static Stream<Arguments> texts() {
    return Stream.of(
        Arguments.of("mastodon", "see https://a.example/" + "x".repeat(99), List.of(27L)),
        Arguments.of("mastodon", "hello @ada@social.example", List.of(10L)),
        Arguments.of("mastodon", FAMILY, List.of(1L)),
        Arguments.of("bluesky", FAMILY + FAMILY, List.of(2L, 50L)),
        Arguments.of("bluesky", "https://a.example", List.of(17L, 17L)),
        Arguments.of("linkedin", FAMILY, List.of(7L)),
        Arguments.of("facebook", FAMILY + "!", List.of(8L)),
        Arguments.of("webhook", "hello", List.of(5L)),
        Arguments.of("reddit", "# A title\nand more", List.of(7L, 8L)),
        Arguments.of("devto", "A title\n\ncafé", List.of(7L, 5L)),
        Arguments.of("instagram", "a #cat, @ada and #b" + IMAGE, List.of(19L, 2L, 1L)));
  }

  @ParameterizedTest
  @MethodSource("texts")
  void isCountedByThePlatformsOwnRule(String platform, String text, List<Long> counts) {
    assertThat(CONNECTORS.of(platform).measure(spec(platform), text))
        .extracting(Measure::count)
        .isEqualTo(counts);
  }

  static Stream<Arguments> fullTexts() {
    return Stream.of(
        Arguments.of("mastodon", "https://a.example/" + "x".repeat(900) + " " + "y".repeat(476)),
        Arguments.of("bluesky", "é".repeat(300)),
        Arguments.of("linkedin", "x".repeat(3_000)),
        Arguments.of("facebook", "x".repeat(63_206)),
        Arguments.of("webhook", "x".repeat(65_536)),
        Arguments.of("reddit", "x".repeat(300)),
        Arguments.of("devto", "A title\n" + "x".repeat(819_200)),
        Arguments.of("instagram", "x".repeat(2_080) + " #tag".repeat(24) + IMAGE));
  }

  @ParameterizedTest
  @MethodSource("fullTexts")
  void oneMoreThanFitsIsRefusedInTheSameWords(String platform, String text) {
    Publisher publisher = CONNECTORS.of(platform);
    String more = text.contains(IMAGE) ? "x" + text : text + "x";

    assertThat(publisher.check(spec(platform), text)).isEmpty();
    List<String> faults =
        publisher.measure(spec(platform), more).stream()
            .flatMap(measure -> measure.fault().stream())
            .toList();
    assertThat(faults).hasSize(1);
    assertThat(publisher.check(spec(platform), more))
        .extracting(FieldError::message)
        .isEqualTo(faults);
  }

  @Test
  void blueskyTakesThreeThousandBytesHoweverFewTheCharacters() {
    assertThat(CONNECTORS.of("bluesky").check(spec("bluesky"), FAMILY.repeat(120))).isEmpty();
    assertThat(CONNECTORS.of("bluesky").check(spec("bluesky"), FAMILY.repeat(121)))
        .extracting(FieldError::message)
        .containsExactly("must be at most 3000 bytes, was 3025");
  }

  private static Channel.Spec spec(String platform) {
    return new Channel.Spec(
        platform, "@me", URI.create("https://p.example"), ZoneOffset.UTC, List.of());
  }
}
