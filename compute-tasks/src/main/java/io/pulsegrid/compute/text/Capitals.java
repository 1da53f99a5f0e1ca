package io.pulsegrid.compute.text;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a wording's capitals tell: which of its words stand there as ordinary words, and none where
 * everything is written large or small, for then they tell nothing.
 */
final class Capitals {
  private static final Pattern WORD =
      Pattern.compile("[#@]?[\\p{L}\\p{N}][\\p{L}\\p{N}\\p{M}'\u2019]*");
  private static final int LONG = 4;

  private final Set<String> ordinary = new HashSet<>();
  private final Set<String> marked = new HashSet<>();

  Capitals(String wording) {
    Set<String> small = new HashSet<>();
    int capitals = 0;
    int longSmall = 0;
    int longLarge = 0;
    boolean first = true;
    Matcher words = WORD.matcher(wording);
    while (words.find()) {
      String word = words.group();
      char mark = word.charAt(0);
      if (mark == '#' || mark == '@') {
        marked.add(word.substring(1).toLowerCase(Locale.ROOT));
        continue;
      }
      boolean large = Character.isUpperCase(word.codePointAt(0));
      capitals += large ? 1 : 0;
      if (!large) {
        small.add(word.replaceAll("['\u2019]", "").toLowerCase(Locale.ROOT));
      }
      if (!first && word.length() >= LONG) {
        longLarge += large ? 1 : 0;
        longSmall += large ? 0 : 1;
      }
      first = false;
    }
    boolean telling = capitals > 0 && longSmall > longLarge;
    if (telling) {
      ordinary.addAll(small);
      ordinary.removeAll(marked);
    }
  }

  /** Whether a word, folded, is known to be no name. */
  boolean ordinary(String word) {
    return ordinary.contains(word);
  }

  /** Whether a word is a tag or the name of an account. */
  boolean marked(String word) {
    return marked.contains(word);
  }
}
