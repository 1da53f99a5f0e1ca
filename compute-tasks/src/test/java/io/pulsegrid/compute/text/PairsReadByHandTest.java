package io.pulsegrid.compute.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Two hundred pairs of posts, read by a person: a {@code copy} says what the other says, whatever
 * was put around it or cut off; any {@code other} says something else in nearly the same words.
 * More than half of them are what fingerprints find, the others are the hardest that they do not.
 */
class PairsReadByHandTest {
  private record Pair(boolean copy, String one, String other) {
    static Pair of(String line) {
      List<String> columns = List.of(line.split("\t", -1));
      return new Pair(columns.get(0).equals("copy"), columns.get(1), columns.get(2));
    }

    boolean found() {
      return Fingerprint.of(one).isPresent() && Fingerprint.of(one).equals(Fingerprint.of(other));
    }
  }

  @Test
  void whatIsFoundIsACopy() throws IOException {
    List<Pair> found = pairs().stream().filter(Pair::found).toList();

    assertThat(found).hasSize(114).allMatch(Pair::copy);
  }

  @Test
  void whatSaysSomethingElseIsNotFound() throws IOException {
    assertThat(pairs())
        .hasSize(200)
        .filteredOn(pair -> !pair.copy())
        .hasSize(29)
        .noneMatch(Pair::found);
  }

  private static List<Pair> pairs() throws IOException {
    try (InputStream in = PairsReadByHandTest.class.getResourceAsStream("pairs-read-by-hand.tsv")) {
      if (in == null) {
        throw new IOException("pairs-read-by-hand.tsv must stand among the tests' resources");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().map(Pair::of).toList();
    }
  }
}
