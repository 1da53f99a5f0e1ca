package io.pulsegrid.compute.embedding;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * How texts are cut into batches: texts of like length together, so that little is padded, and no
 * batch over the token budget.
 */
final class BatchPlan {
  private BatchPlan() {}

  /**
   * Cuts texts into batches, longest first: the last batch to finish is then a short one.
   *
   * @param lengths each text's tokens, none above the budget
   * @return batches of positions in {@code lengths}; every position stands in exactly one
   */
  static List<int[]> cut(int[] lengths, int budget) {
    int[] order = byFallingLength(lengths);
    List<int[]> batches = new ArrayList<>();
    int from = 0;
    while (from < order.length) {
      int rows = Math.max(1, budget / lengths[order[from]]);
      int to = Math.min(order.length, from + rows);
      batches.add(Arrays.copyOfRange(order, from, to));
      from = to;
    }
    return batches;
  }

  private static int[] byFallingLength(int[] lengths) {
    Integer[] order = new Integer[lengths.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingInt((Integer i) -> lengths[i]).reversed());
    return Arrays.stream(order).mapToInt(Integer::intValue).toArray();
  }
}
