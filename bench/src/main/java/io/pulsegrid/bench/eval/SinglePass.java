package io.pulsegrid.bench.eval;

import java.util.Arrays;
import java.util.List;

/**
 * The baseline: each post goes with its nearest earlier one, if that is near enough, and begins a
 * group otherwise.
 */
final class SinglePass {
  private final int[] nearest;
  private final double[] likeness;

  private SinglePass(int[] nearest, double[] likeness) {
    this.nearest = nearest;
    this.likeness = likeness;
  }

  /** How alike a post and an earlier one are. */
  @FunctionalInterface
  interface Likeness {
    double of(int post, int earlier);
  }

  static SinglePass over(int posts, Likeness likeness) {
    int[] nearest = new int[posts];
    double[] best = new double[posts];
    for (int i = 0; i < posts; i++) {
      nearest[i] = -1;
      for (int j = 0; j < i; j++) {
        double alike = likeness.of(i, j);
        if (nearest[i] < 0 || alike > best[i]) {
          nearest[i] = j;
          best[i] = alike;
        }
      }
    }
    return new SinglePass(nearest, best);
  }

  /** The group of each post. */
  List<Integer> groups(double threshold) {
    Integer[] groups = new Integer[nearest.length];
    for (int i = 0; i < groups.length; i++) {
      groups[i] =
          nearest[i] >= 0 && likeness[i] >= threshold ? groups[nearest[i]] : Integer.valueOf(i);
    }
    return Arrays.asList(groups);
  }

  /**
   * The groups at the threshold of the best BCubed F1, which only who knows the labels could
   * choose.
   */
  List<Integer> best(List<String> labels) {
    List<Integer> best = List.of();
    double bestF1 = -1;
    for (int percent = 5; percent < 100; percent++) {
      List<Integer> groups = groups(percent / 100d);
      double f1 = BCubed.of(groups, labels).f1();
      if (f1 > bestF1) {
        best = groups;
        bestF1 = f1;
      }
    }
    return best;
  }

  static SinglePass onVectors(List<float[]> vectors) {
    return over(vectors.size(), (i, j) -> dot(vectors.get(i), vectors.get(j)));
  }

  static double dot(float[] a, float[] b) {
    double dot = 0;
    for (int i = 0; i < a.length; i++) {
      dot += a[i] * b[i];
    }
    return dot;
  }
}
