package io.pulsegrid.node.listen;

import io.pulsegrid.compute.index.WordStatistics;
import io.pulsegrid.compute.index.WordStatistics.Field;
import io.pulsegrid.compute.index.WordStatistics.Word;
import java.util.HashMap;
import java.util.Map;

/** How frequent words are, as it crosses nodes: the figures of each in a row. */
final class WordsWire {
  private final Map<String, long[]> words = new HashMap<>();
  private final Map<String, long[]> fields = new HashMap<>();

  WordsWire(WordStatistics statistics) {
    statistics
        .words()
        .forEach((key, word) -> words.put(key, new long[] {word.posts(), word.occurrences()}));
    statistics
        .fields()
        .forEach(
            (key, field) ->
                fields.put(key, new long[] {field.posts(), field.words(), field.different()}));
  }

  WordStatistics statistics() {
    Map<String, Word> byWord = new HashMap<>();
    Map<String, Field> byField = new HashMap<>();
    words.forEach((key, row) -> byWord.put(key, new Word(row[0], row[1])));
    fields.forEach((key, row) -> byField.put(key, new Field(row[0], row[1], row[2])));
    return new WordStatistics(byWord, byField);
  }
}
