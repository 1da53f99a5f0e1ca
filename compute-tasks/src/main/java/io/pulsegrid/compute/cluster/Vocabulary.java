package io.pulsegrid.compute.cluster;

import io.pulsegrid.compute.text.Words;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The words in use among the active stories. A word's rarity is counted in stories, not posts: a
 * story that everybody tells must not make its own words common. All of it follows from the active
 * stories, so that restoring them restores it.
 */
final class Vocabulary {
  private static final int WORDS_OF_A_POST = 48;
  // As if so many other stories were known: keeps rarity sensible while few are.
  private static final int PRIOR_STORIES = 1000;

  private final Map<String, Term> terms = new HashMap<>();
  private final double[] logarithms;

  Vocabulary(int maxActive) {
    logarithms = new double[maxActive + PRIOR_STORIES + 2];
    for (int i = 1; i < logarithms.length; i++) {
      logarithms[i] = StrictMath.log(i);
    }
  }

  Term[] read(String wording) {
    List<String> words = Words.of(wording, WORDS_OF_A_POST);
    Term[] read = new Term[words.size()];
    for (int i = 0; i < read.length; i++) {
      read[i] = term(words.get(i));
    }
    return read;
  }

  /** The words that {@link #read} gives the terms of; of one in use there is a single copy. */
  List<String> words(String wording) {
    return Words.of(wording, WORDS_OF_A_POST).stream().map(word -> term(word).word).toList();
  }

  /** The term of a word; known from now on only if a story takes it up. */
  Term term(String word) {
    Term known = terms.get(word);
    return known == null ? new Term(word) : known;
  }

  void use(Term term, Story story) {
    terms.putIfAbsent(term.word, term);
    term.add(story);
  }

  void drop(Term term, Story story) {
    term.remove(story);
    if (term.stories().isEmpty()) {
      terms.remove(term.word);
    }
  }

  /** How much a word says, squared: the logarithm of how few stories use it. */
  double weight(Term term, int activeStories) {
    double rarity = rarity(term, activeStories);
    return rarity * rarity;
  }

  double rarity(Term term, int activeStories) {
    int known = Math.min(activeStories + PRIOR_STORIES, logarithms.length - 1);
    int users = Math.min(term.stories().size() + 1, logarithms.length - 1);
    return Math.max(.1, logarithms[known] - logarithms[users]);
  }

  double weight(Term[] read, int activeStories) {
    double sum = 0;
    for (Term term : read) {
      sum += weight(term, activeStories);
    }
    return sum;
  }
}
