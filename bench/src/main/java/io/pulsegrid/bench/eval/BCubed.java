package io.pulsegrid.bench.eval;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How well a grouping agrees with labels, seen from each post: what share of its group bears its
 * label (precision), and what share of its label is in its group (recall).
 */
public record BCubed(double precision, double recall) {
  /**
   * Compares two groupings of the same posts.
   *
   * @throws IllegalArgumentException unless each of 1 or more posts has a group and a label
   */
  public static BCubed of(List<?> groups, List<?> labels) {
    if (groups.size() != labels.size() || groups.isEmpty()) {
      throw new IllegalArgumentException(
          "each of 1 or more posts must have a group and a label, was %d and %d"
              .formatted(groups.size(), labels.size()));
    }
    Map<Object, Integer> byGroup = new HashMap<>();
    Map<Object, Integer> byLabel = new HashMap<>();
    Map<List<Object>, Integer> both = new HashMap<>();
    for (int i = 0; i < groups.size(); i++) {
      byGroup.merge(groups.get(i), 1, Integer::sum);
      byLabel.merge(labels.get(i), 1, Integer::sum);
      both.merge(List.of(groups.get(i), labels.get(i)), 1, Integer::sum);
    }
    double precision = 0;
    double recall = 0;
    for (Map.Entry<List<Object>, Integer> shared : both.entrySet()) {
      double pairs = (double) shared.getValue() * shared.getValue() / groups.size();
      precision += pairs / byGroup.getOrDefault(shared.getKey().get(0), 1);
      recall += pairs / byLabel.getOrDefault(shared.getKey().get(1), 1);
    }
    return new BCubed(precision, recall);
  }

  /** The harmonic mean of the two. */
  public double f1() {
    return 2 * precision * recall / (precision + recall);
  }
}
