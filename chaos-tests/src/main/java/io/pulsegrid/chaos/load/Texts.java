package io.pulsegrid.chaos.load;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Texts that no two are alike, from a seed. Not safe for use by many threads. */
final class Texts {
  private static final String[] ONSETS = {
    "b", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "v", "z", "st", "tr", "pl", "kr"
  };
  private static final String[] VOWELS = {"a", "e", "i", "o", "u", "ai", "ou"};
  private static final int VOCABULARY = 3_000;
  private static final int WORDS = 16;

  private final SplittableRandom chance;
  private final List<String> vocabulary = new ArrayList<>();

  Texts(long seed) {
    chance = new SplittableRandom(seed);
    for (int i = 0; i < VOCABULARY; i++) {
      StringBuilder word = new StringBuilder();
      for (int syllable = 0; syllable < 2 + chance.nextInt(2); syllable++) {
        word.append(ONSETS[chance.nextInt(ONSETS.length)]);
        word.append(VOWELS[chance.nextInt(VOWELS.length)]);
      }
      vocabulary.add(word.toString());
    }
  }

  /** A text that begins with these words. */
  String beginning(String words) {
    StringBuilder text = new StringBuilder(words);
    for (int i = 0; i < WORDS; i++) {
      text.append(' ').append(vocabulary.get(chance.nextInt(VOCABULARY)));
    }
    return text.toString();
  }

  int below(int bound) {
    return chance.nextInt(bound);
  }
}
