package io.pulsegrid.connectors.mastodon;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TextLengthTest {
  @Test
  void countsWhatAReaderSees() {
    assertThat(TextLength.of("hello")).isEqualTo(5);
    assertThat(TextLength.of("e\u0301")).isEqualTo(1);
    // A family of four, joined: eleven UTF-16 units, one character.
    assertThat(TextLength.of("\uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67\u200D\uD83D\uDC66"))
        .isEqualTo(1);
    assertThat(TextLength.of("\uD83C\uDDEB\uD83C\uDDF7")).isEqualTo(1);
  }

  @Test
  void everyLinkIsTwentyThreeWhateverItsLength() {
    assertThat(TextLength.of("https://a.example")).isEqualTo(23);
    assertThat(TextLength.of("see https://a.example/" + "x".repeat(400) + ", yes"))
        .isEqualTo(4 + 23 + 5);
  }

  @Test
  void aMentionCountsWithoutItsServer() {
    assertThat(TextLength.of("@ada@social.example hi")).isEqualTo(7);
    assertThat(TextLength.of("mail ada@social.example")).isEqualTo(23);
    assertThat(TextLength.of("@ada.l-m@social.example, @bo-@x.y")).isEqualTo(18);
  }

  @Test
  void aNameOfManyPartsIsReadLikeAnyOther() {
    String name = "@a" + "-a".repeat(20_000);

    assertThat(TextLength.of(name)).isEqualTo(40_002);
    assertThat(TextLength.of(name + "@social.example")).isEqualTo(40_002);
  }
}
