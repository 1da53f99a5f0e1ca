package io.pulsegrid.compute.text;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Keywords by class-based TF-IDF: what a group of posts says often and other groups seldom. */
public final class Keywords {
  private Keywords() {}

  /**
   * The best words of a group, best first; equal ones in alphabetical order.
   *
   * @param posts how many posts of the group have each word
   * @param rarity how rare a word is among groups, 0 or more
   */
  public static List<String> of(
      Map<String, Integer> posts, ToDoubleFunction<String> rarity, int limit) {
    record Weighed(String word, double weight) {}
    return posts.entrySet().stream()
        .map(
            entry ->
                new Weighed(
                    entry.getKey(), entry.getValue() * rarity.applyAsDouble(entry.getKey())))
        .sorted(Comparator.comparingDouble(Weighed::weight).reversed().thenComparing(Weighed::word))
        .limit(limit)
        .map(Weighed::word)
        .toList();
  }
}
