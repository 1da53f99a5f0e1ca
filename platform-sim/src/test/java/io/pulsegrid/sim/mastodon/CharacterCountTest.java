package io.pulsegrid.sim.mastodon;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CharacterCountTest {
  @Test
  void countsWhatAReaderSees() {
    assertThat(CharacterCount.of("héllo")).isEqualTo(5);
    assertThat(CharacterCount.of("e\u0301")).isEqualTo(1);
    assertThat(CharacterCount.of("👩‍👩‍👧‍👦🇫🇷")).isEqualTo(2);
  }

  @Test
  void countsLinksAsTwentyThree() {
    assertThat(CharacterCount.of("http://a.b")).isEqualTo(23);
    assertThat(CharacterCount.of("see https://example.org/" + "x".repeat(99) + ".")).isEqualTo(28);
  }

  @Test
  void countsOnlyTheNameOfARemoteMention() {
    assertThat(CharacterCount.of("hi @ann@social.example!")).isEqualTo("hi @ann!".length());
  }
}
