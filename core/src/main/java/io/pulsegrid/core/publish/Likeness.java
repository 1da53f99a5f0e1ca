package io.pulsegrid.core.publish;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A text as a set of its words, to tell how much two texts have in common: case, links and
 * punctuation make no difference.
 */
public record Likeness(Set<String> words) {
  /** From when on two texts say nearly the same. */
  public static final double NEARLY_THE_SAME = 0.8;

  private static final Pattern LINK = Pattern.compile("https?://\\S+");
  private static final Pattern BETWEEN_WORDS = Pattern.compile("[^\\p{L}\\p{N}#@]+");

  public Likeness {
    words = Set.copyOf(words);
  }

  public static Likeness of(String text) {
    Set<String> words = new HashSet<>();
    BETWEEN_WORDS
        .splitAsStream(LINK.matcher(text.toLowerCase(Locale.ROOT)).replaceAll(" "))
        .filter(word -> !word.isEmpty())
        .forEach(words::add);
    return new Likeness(words);
  }

  /** What part of all their words they share, 0 to 1. */
  public double to(Likeness other) {
    if (words.isEmpty() && other.words.isEmpty()) {
      return 1;
    }
    long shared = words.stream().filter(other.words::contains).count();
    return (double) shared / (words.size() + other.words.size() - shared);
  }
}
