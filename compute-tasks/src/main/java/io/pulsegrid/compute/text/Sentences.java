package io.pulsegrid.compute.text;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The sentences of a wording. A line break ends a sentence, as it does between title and text. */
public final class Sentences {
  private Sentences() {}

  /** The sentences as written, trimmed, none of them empty. */
  public static List<String> of(String wording) {
    List<String> sentences = new ArrayList<>();
    for (String line : wording.split("\\R", -1)) {
      BreakIterator breaks = BreakIterator.getSentenceInstance(Locale.ROOT);
      breaks.setText(line);
      int start = breaks.first();
      for (int end = breaks.next(); end != BreakIterator.DONE; start = end, end = breaks.next()) {
        String sentence = line.substring(start, end).strip();
        if (!sentence.isEmpty()) {
          sentences.add(sentence);
        }
      }
    }
    return List.copyOf(sentences);
  }
}
