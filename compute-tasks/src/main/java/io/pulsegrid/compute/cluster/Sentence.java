package io.pulsegrid.compute.cluster;

import io.pulsegrid.compute.text.Headline;
import io.pulsegrid.compute.text.Sentences;
import java.util.ArrayList;
import java.util.List;

/**
 * A sentence of a post, and the words it is read by: words, since what stories use of them changes.
 */
record Sentence(String text, List<String> words) {
  private static final int LONGEST = 300;

  /** The headline as one sentence, whatever points it has in it, then those of the text. */
  static List<Sentence> of(String wording, Vocabulary vocabulary) {
    int line = wording.indexOf('\n');
    List<String> sentences = new ArrayList<>();
    sentences.add(Headline.of(wording));
    if (line >= 0) {
      sentences.addAll(Sentences.of(wording.substring(line + 1)));
    }
    return sentences.stream()
        .filter(sentence -> !sentence.isEmpty() && sentence.length() <= LONGEST)
        .map(Sentence::ended)
        .map(sentence -> new Sentence(sentence, vocabulary.words(sentence)))
        .toList();
  }

  private static String ended(String sentence) {
    return Character.isLetterOrDigit(sentence.charAt(sentence.length() - 1))
        ? sentence + "."
        : sentence;
  }
}
