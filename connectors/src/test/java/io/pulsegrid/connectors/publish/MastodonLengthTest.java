package io.pulsegrid.connectors.publish;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MastodonLengthTest {
  @Test
  void countsWhatAReaderSees() {
    assertThat(MastodonLength.of("hello")).isEqualTo(5);
    assertThat(MastodonLength.of("e\u0301")).isEqualTo(1);
    // A family of four, joined: eleven UTF-16 units, one character.
    assertThat(
            MastodonLength.of("\uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67\u200D\uD83D\uDC66"))
        .isEqualTo(1);
    assertThat(MastodonLength.of("\uD83C\uDDEB\uD83C\uDDF7")).isEqualTo(1);
  }

  @Test
  void everyLinkIsTwentyThreeWhateverItsLength() {
    assertThat(MastodonLength.of("https://a.example")).isEqualTo(23);
    assertThat(MastodonLength.of("see https://a.example/" + "x".repeat(400) + ", yes"))
        .isEqualTo(4 + 23 + 5);
  }

  @Test
  void aMentionCountsWithoutItsServer() {
    assertThat(MastodonLength.of("@ada@social.example hi")).isEqualTo(7);
    assertThat(MastodonLength.of("mail ada@social.example")).isEqualTo(23);
    assertThat(MastodonLength.of("@ada.l-m@social.example, @bo-@x.y")).isEqualTo(18);
  }

  @Test
  void aNameOfManyPartsIsReadLikeAnyOther() {
    String name = "@a" + "-a".repeat(20_000);

    assertThat(MastodonLength.of(name)).isEqualTo(40_002);
    assertThat(MastodonLength.of(name + "@social.example")).isEqualTo(40_002);
  }
}
