package io.pulsegrid.core.post;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.core.failure.FieldError;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IncomingPostTest {
  private static final Instant GOOD_DATE = Instant.parse("2024-02-29T12:00:00Z");

  @Example
  void takesAPostWithATitleOrAText() {
    assertThat(errors(content("feed", "1", "A title", null))).isEmpty();
    assertThat(errors(content("feed", "1", null, "A text"))).isEmpty();
    assertThat(errors(content("feed", "1", " ", null))).containsExactly("text");
    assertThat(errors(content("feed", "1", null, null))).containsExactly("text");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Feed", "a b", "p\u00e9", "012345678901234567890123456789012", "a\n"})
  void refusesAPlatformOfAnotherForm(String platform) {
    assertThat(errors(content(platform, "1", "A title", null))).containsExactly("platform");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\t"})
  void requiresANativeId(String nativeId) {
    assertThat(errors(content("feed", nativeId, "A title", null))).containsExactly("nativeId");
  }

  @ParameterizedTest
  @CsvSource({
    "1969-12-31T23:59:59.999Z, false",
    "1970-01-01T00:00:00Z, true",
    "2099-12-31T23:59:59Z, true",
    "2100-01-01T00:00:00Z, false",
    "+292278994-08-17T07:12:55.807Z, false"
  })
  void takesDatesOf1970To2099(Instant date, boolean good) {
    IncomingPost post =
        new IncomingPost(content("feed", "1", "A title", null), date, Engagement.NONE, null);

    assertThat(post.errors().stream().map(FieldError::field).toList())
        .isEqualTo(good ? List.of() : List.of("publishedAt"));
  }

  @ParameterizedTest
  @CsvSource({
    "nativeId, 512",
    "title, 4096",
    "text, 262144",
    "url, 4096",
    "author, 512",
    "lang, 35",
    "category, 512",
    "tags, 512"
  })
  void boundsEveryFieldAndNamesIt(String field, int max) {
    assertThat(errors(withField(field, "x".repeat(max)))).isEmpty();
    assertThat(errors(withField(field, "x".repeat(max + 1)))).containsExactly(field);
  }

  @Property(tries = 200)
  void takesUpTo64Tags(@ForAll @IntRange(max = 200) int count) {
    Content content =
        new Content(
            "feed",
            "1",
            null,
            null,
            "A title",
            null,
            null,
            null,
            Collections.nCopies(count, "tag"));

    assertThat(errors(content)).isEqualTo(count <= 64 ? List.of() : List.of("tags"));
  }

  @Property(tries = 200)
  void neverThrowsAndAlwaysExplains(
      @ForAll String platform,
      @ForAll String nativeId,
      @ForAll String title,
      @ForAll List<String> tags,
      @ForAll long seconds) {
    Content content = new Content(platform, nativeId, null, null, title, null, null, null, tags);
    Instant date =
        Instant.ofEpochSecond(
            Math.clamp(seconds, Instant.MIN.getEpochSecond(), Instant.MAX.getEpochSecond()));

    assertThat(new IncomingPost(content, date, Engagement.NONE, null).errors())
        .allSatisfy(error -> assertThat(error.field()).isNotBlank())
        .allSatisfy(error -> assertThat(error.message()).isNotBlank().doesNotContain("\n"));
  }

  @Example
  void namesEverythingThatIsWrongAtOnce() {
    Content content =
        new Content(
            "NO",
            "",
            "u".repeat(5000),
            null,
            null,
            null,
            null,
            null,
            Collections.nCopies(65, "tag"));

    assertThat(
            new IncomingPost(content, Instant.MIN, Engagement.NONE, null)
                .errors().stream().map(FieldError::field))
        .containsExactly("platform", "nativeId", "text", "url", "tags", "publishedAt");
  }

  private static List<String> errors(Content content) {
    return new IncomingPost(content, GOOD_DATE, Engagement.NONE, null)
        .errors().stream().map(FieldError::field).toList();
  }

  private static Content content(
      String platform, String nativeId, @Nullable String title, @Nullable String text) {
    return new Content(platform, nativeId, null, null, title, text, null, null, List.of());
  }

  private static Content withField(String field, String value) {
    return new Content(
        "feed",
        field.equals("nativeId") ? value : "1",
        field.equals("url") ? value : null,
        field.equals("author") ? value : null,
        field.equals("title") ? value : "A title",
        field.equals("text") ? value : null,
        field.equals("lang") ? value : null,
        field.equals("category") ? value : null,
        field.equals("tags") ? List.of(value) : List.of());
  }
}
