package io.pulsegrid.compute.text;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * What near-duplicates share: a digest of the words alone. Retweet marks, credits, links, case,
 * punctuation and the many ways Unicode writes the same are gone; every word and number, and their
 * order, still counts.
 */
public final class Fingerprint {
  private static final int ENOUGH_WORDS = 3;
  private static final int ENOUGH_LETTERS = 10;
  private static final int ENOUGH_IDEOGRAPHS = 6;

  private Fingerprint() {}

  /**
   * The fingerprint of a wording: 32 hex digits. Where the words alone are too few to tell, the
   * links (without tracking) count too.
   *
   * @return empty when too little is left to tell: such a wording repeats nothing
   */
  public static Optional<String> of(String wording) {
    Reading reading = Reading.of(wording);
    String words = String.join(" ", reading.words());
    if (tells(reading.words())) {
      return Optional.of(digest(words));
    }
    return words.isEmpty() || reading.links().isEmpty()
        ? Optional.empty()
        : Optional.of(digest(words + "\n" + String.join("\n", reading.links())));
  }

  private static boolean tells(List<String> words) {
    long letters = words.stream().mapToLong(String::length).sum();
    long ideographs =
        words.stream().flatMapToInt(String::codePoints).filter(Words::isUnspaced).count();
    return (words.size() >= ENOUGH_WORDS && letters >= ENOUGH_LETTERS)
        || ideographs >= ENOUGH_IDEOGRAPHS;
  }

  static String digest(String text) {
    try {
      byte[] sha =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(Arrays.copyOf(sha, 16));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
