package io.pulsegrid.compute.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FingerprintTest {
  private static final String ORIGINAL = "Flood warnings issued for southern Alberta rivers";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "RT @CBCNews: Flood warnings issued for southern Alberta rivers",
        "rt @cbcnews Flood warnings issued for southern Alberta rivers",
        "RT @a: RT @b: Flood warnings issued for southern Alberta rivers",
        ":) RT @a: \u2026 RT @b: Flood warnings issued for southern Alberta rivers",
        "MT @CBCNews: Flood warnings issued for southern Alberta rivers",
        "\"@CBCNews: Flood warnings issued for southern Alberta rivers\"",
        "Flood warnings issued for southern Alberta rivers via @CBCNews",
        "Flood warnings issued for southern Alberta rivers (via @CBCNews)",
        "Flood warnings issued for southern Alberta rivers http://t.co/HHImyESBPu",
        "Flood warnings issued for southern Alberta rivers http://t.c\u2026",
        "Flood warnings issued for southern Alberta rivers ht...",
        "RT @CBCNews: Flood warnings issued for southern Alberta rivers http ...",
        "@CBCNews: Flood warnings issued for southern Alberta rivers",
        "?? \u201c@CBCNews Flood warnings issued for southern Alberta rivers\u201d @anna",
        "RT @bernd: \u201c@CBCNews: Flood warnings issued for southern Alberta rivers\u201d",
        "Flood warnings issued for southern Alberta rivers RT @CBCNews",
        "\u00a8Flood warnings issued for southern Alberta rivers",
        "https://www.cbc.ca/a?utm_source=x Flood warnings issued for southern Alberta rivers",
        "FLOOD WARNINGS ISSUED FOR SOUTHERN ALBERTA RIVERS!!!",
        "Flood warnings issued, for southern-Alberta rivers.",
        "#Flood warnings issued for southern #Alberta rivers",
        "\u201cFlood warnings\u201d issued for southern Alberta rivers\u2026",
        "Flood\u00a0warnings  issued\tfor\nsouthern Alberta rivers",
        "\uff26lood warnings issued for southern Alberta rivers",
        "Flood warn\u00adings issued for southern Alberta rivers",
        "\u26a0\ufe0f Flood warnings issued for southern Alberta rivers \ud83c\udf0a"
      })
  void isTheSameForRetweetsAndCopies(String copy) {
    assertThat(Fingerprint.of(copy)).isPresent().isEqualTo(Fingerprint.of(ORIGINAL));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Apple will show the iPhone 5 today | Apple will show the iPhone 6 today",
        "Stocks rise 3.5 percent in London | Stocks rise 35 percent in London",
        "Learn C++ in twenty one days | Learn C# in twenty one days",
        "Learn C in twenty one days | Learn C++ in twenty one days",
        "Man bites dog in the park | Dog bites man in the park",
        "Flood warnings issued for Alberta | No flood warnings issued for Alberta",
        "@anna thanks for the help yesterday | @bernd thanks for the help yesterday"
      })
  void differsWhereAWordOrNumberDiffers(String one, String other) {
    assertThat(Fingerprint.of(one)).isPresent().isNotEqualTo(Fingerprint.of(other));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "It\u2019s the end of the world | It's the end of the world",
        "Over 1,000,000 people left home | Over 1000000 people left home",
        "U.S. bombs hit the harbour | US bombs hit the harbour",
        "AT&amp;T buys Time Warner now | AT&T buys Time Warner now",
        "Stra\u00dfe in Berlin gesperrt heute | STRASSE in Berlin gesperrt heute",
        "cafe\u0301 opens in Paris today | caf\u00e9 opens in Paris today"
      })
  void isTheSameForEverySpelling(String one, String other) {
    assertThat(Fingerprint.of(one)).isPresent().isEqualTo(Fingerprint.of(other));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "   ",
        "!!!",
        "iPhone 7",
        "RT @someone:",
        "\ud83d\ude02\ud83d\ude02",
        "so true"
      })
  void isEmptyWhenTooLittleIsLeftToTell(String wording) {
    assertThat(Fingerprint.of(wording)).isEmpty();
  }

  @Test
  void looksAtTheLinkWhenWordsAreFew() {
    assertThat(Fingerprint.of("Read this http://a.example/news/1?utm_source=x&id=3&fbclid=9"))
        .isPresent()
        .isEqualTo(Fingerprint.of("read this: https://www.a.example/news/1/?id=3#top"))
        .isNotEqualTo(Fingerprint.of("Read this http://a.example/news/2?id=3"));
  }

  @Test
  void readsScriptsWithoutSpaces() {
    assertThat(Fingerprint.of("\u6771\u4eac\u3067\u5927\u304d\u306a\u5730\u9707"))
        .isPresent()
        .isEqualTo(Fingerprint.of("\u6771\u4eac\u3067\u5927\u304d\u306a\u5730\u9707\u3002"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {" ", "RT @a ", "@a ", "a.", "via @", "http", "h...", "((", ": ", "\ud835\udd38."})
  @Timeout(20)
  void readsTextsMadeToKeepItBusy(String unit) {
    String hostile = "RT @a" + unit.repeat(250_000 / unit.length()) + "x";

    assertThatCode(() -> Fingerprint.of(hostile)).doesNotThrowAnyException();
    assertThatCode(() -> Words.of(hostile, 48)).doesNotThrowAnyException();
    assertThatCode(() -> Headline.of(hostile)).doesNotThrowAnyException();
  }

  @Test
  void isThirtyTwoHexDigits() {
    assertThat(Fingerprint.of(ORIGINAL))
        .hasValueSatisfying(f -> assertThat(f).matches("[0-9a-f]{32}"));
  }
}
