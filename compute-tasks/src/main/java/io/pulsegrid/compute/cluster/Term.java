package io.pulsegrid.compute.cluster;

import java.util.ArrayList;
import java.util.List;

/** A word and the active stories that use it. */
final class Term {
  final String word;
  private final List<Story> stories = new ArrayList<>(2);

  /** Whose reader saw it last: {@link Likenesses}'s alone. */
  long mark;

  Term(String word) {
    this.word = word;
  }

  /** In no meaningful order: whoever iterates must not depend on it. */
  List<Story> stories() {
    return stories;
  }

  void add(Story story) {
    stories.add(story);
  }

  void remove(Story story) {
    // From the end: what leaves a full set is mostly what came last or first.
    int at = stories.lastIndexOf(story);
    Story last = stories.removeLast();
    if (at < stories.size()) {
      stories.set(at, last);
    }
  }

  @Override
  public String toString() {
    return word;
  }
}
