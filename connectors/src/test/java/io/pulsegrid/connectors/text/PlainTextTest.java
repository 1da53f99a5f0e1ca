package io.pulsegrid.connectors.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PlainTextTest {
  @Test
  void readsHtmlWithALineForEachBlock() {
    assertThat(
            PlainText.ofHtml(
                "<div><p>One &amp; <b>two</b></p><p>three<br>four</p><script>bad()</script></div>"))
        .contains("One & two\n\nthree\nfour");
  }

  @Test
  void findsNothingInPicturesAlone() {
    assertThat(PlainText.ofHtml("<img src=\"x.gif\" height=\"1\"/>")).isEmpty();
    assertThat(PlainText.ofHtml(" \u00a0 ")).isEmpty();
    assertThat(PlainText.ofHtml(null)).isEmpty();
  }

  @Test
  void keepsAngleBracketsThatAreNoMarkup() {
    assertThat(PlainText.ofPerhapsHtml("Why List<String> beats <b>arrays</b> &amp; sets"))
        .contains("Why List<String> beats arrays & sets");
    assertThat(PlainText.ofPerhapsHtml("AT&T wins")).contains("AT&T wins");
  }

  @Test
  void makesTextStorable() {
    assertThat(PlainText.storable("a\u0000b\ud800c\udc00\ud83d\ude00"))
        .isEqualTo("ab\ufffdc\ufffd\ud83d\ude00");
    assertThat(PlainText.isStorable("fine \ud83d\ude00")).isTrue();
    assertThat(PlainText.isStorable("half \ud83d")).isFalse();
  }

  @Test
  void cutsBetweenCharacters() {
    assertThat(PlainText.cut("ab\ud83d\ude00", 3)).isEqualTo("ab");
    assertThat(PlainText.cut("ab\ud83d\ude00", 4)).isEqualTo("ab\ud83d\ude00");
  }
}
