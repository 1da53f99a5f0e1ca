package io.pulsegrid.compute.index;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * How frequent words are among the posts of one index, or of several together: what BM25 weighs
 * them by. Given the same statistics, every index gives a post the same score.
 *
 * @param words by {@code field:word}
 * @param fields by field
 */
public record WordStatistics(Map<String, Word> words, Map<String, Field> fields) {
  public WordStatistics {
    words = Map.copyOf(words);
    fields = Map.copyOf(fields);
  }

  /** In how many posts a word is, and how often in all. */
  public record Word(long posts, long occurrences) {}

  /**
   * How much a field holds.
   *
   * @param posts how many have it
   * @param words how many words they have in it
   * @param different the same, each word counted once a post
   */
  public record Field(long posts, long words, long different) {}

  /**
   * Those of several indexes together.
   *
   * @param copies in how many of them each post is
   */
  public static WordStatistics together(Collection<WordStatistics> parts, int copies) {
    Map<String, Word> words = new HashMap<>();
    Map<String, Field> fields = new HashMap<>();
    for (WordStatistics part : parts) {
      part.words.forEach(
          (key, word) ->
              words.merge(
                  key, word, (a, b) -> new Word(a.posts + b.posts, a.occurrences + b.occurrences)));
      part.fields.forEach(
          (key, field) ->
              fields.merge(
                  key,
                  field,
                  (a, b) ->
                      new Field(a.posts + b.posts, a.words + b.words, a.different + b.different)));
    }
    words.replaceAll((_, w) -> new Word(w.posts / copies, w.occurrences / copies));
    fields.replaceAll(
        (_, f) -> new Field(f.posts / copies, f.words / copies, f.different / copies));
    return new WordStatistics(words, fields);
  }

  static String key(String field, String word) {
    return field + ":" + word;
  }
}
