package io.pulsegrid.compute.cluster;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The stories worth a close look: near by sketch, or sharing rare words. */
final class Candidates {
  private static final int BY_MEANING = 32;
  private static final int BY_WORDS = 24;
  // A word of more stories than this says too little to start from.
  private static final int COMMON = 256;
  private static final Comparator<Story> BY_EVIDENCE =
      Comparator.<Story>comparingDouble(story -> story.evidence)
          .reversed()
          .thenComparingLong(story -> story.born);

  private final Vocabulary vocabulary;
  private final Sketches sketches = new Sketches();

  Candidates(Vocabulary vocabulary) {
    this.vocabulary = vocabulary;
  }

  void put(Story story) {
    int[] sum = story.sum;
    if (sum != null) {
      sketches.put(story, Direction.sketch(sum));
    }
  }

  void remove(Story story) {
    sketches.remove(story);
  }

  /** Candidates for a post, in no meaningful order, each once. */
  Set<Story> of(Exemplar post, long step, int activeStories) {
    Set<Story> found = new LinkedHashSet<>();
    byte[] direction = post.direction;
    if (direction != null) {
      sketches.nearest(Direction.sketch(direction), BY_MEANING, found::add);
    }
    found.addAll(sharing(post.terms, step, activeStories));
    return found;
  }

  /** Candidates for a merge, by meaning alone. */
  Set<Story> of(Story story) {
    Set<Story> found = new LinkedHashSet<>();
    int[] sum = story.sum;
    if (sum != null) {
      sketches.nearest(Direction.sketch(sum), BY_MEANING, found::add);
    }
    found.remove(story);
    return found;
  }

  private List<Story> sharing(Term[] terms, long step, int activeStories) {
    List<Story> touched = new ArrayList<>();
    for (Term term : terms) {
      List<Story> users = term.stories();
      if (users.size() > COMMON) {
        continue;
      }
      double weight = vocabulary.weight(term, activeStories);
      for (Story story : users) {
        if (story.evidenceStep != step) {
          story.evidenceStep = step;
          story.evidence = 0;
          touched.add(story);
        }
        story.evidence += weight;
      }
    }
    touched.sort(BY_EVIDENCE);
    return touched.size() <= BY_WORDS ? touched : touched.subList(0, BY_WORDS);
  }
}
