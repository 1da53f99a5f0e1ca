package io.pulsegrid.compute.cluster;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A post that a story remembers in full, to compare others with and to be told by. */
final class Exemplar {
  private static final int LONGEST_WORDING = 600;

  final String wording;
  final Term[] terms;
  final byte @Nullable [] direction;
  final double norm;
  final long engagement;

  /** Read from the wording when they are first asked for: a story is told far more often. */
  private @Nullable List<Sentence> sentences;

  Exemplar(String wording, Term[] terms, byte @Nullable [] direction, long engagement) {
    this.wording = shortened(wording);
    this.terms = terms;
    this.direction = direction;
    this.norm = direction == null ? 0 : Direction.norm(direction);
    this.engagement = engagement;
  }

  /** What is told of it, in its order. */
  List<Sentence> sentences(Vocabulary vocabulary) {
    List<Sentence> read = sentences;
    if (read == null) {
      read = Sentence.of(wording, vocabulary);
      sentences = read;
    }
    return read;
  }

  double cosine(Exemplar other) {
    byte[] mine = direction;
    byte[] theirs = other.direction;
    if (mine == null || theirs == null || norm == 0 || other.norm == 0) {
      return 0;
    }
    return Direction.dot(mine, theirs) / (norm * other.norm);
  }

  private static String shortened(String wording) {
    if (wording.length() <= LONGEST_WORDING) {
      return wording;
    }
    int end = Character.isHighSurrogate(wording.charAt(LONGEST_WORDING - 1)) ? 1 : 0;
    return wording.substring(0, LONGEST_WORDING - end);
  }
}
