package io.pulsegrid.bench.eval;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Normalised mutual information of two groupings: 2 I / (H + H), 1 when they are the same. */
final class Nmi {
  private Nmi() {}

  static double of(List<?> groups, List<?> labels) {
    Map<Object, Integer> byGroup = new HashMap<>();
    Map<Object, Integer> byLabel = new HashMap<>();
    Map<List<Object>, Integer> both = new HashMap<>();
    for (int i = 0; i < groups.size(); i++) {
      byGroup.merge(groups.get(i), 1, Integer::sum);
      byLabel.merge(labels.get(i), 1, Integer::sum);
      both.merge(List.of(groups.get(i), labels.get(i)), 1, Integer::sum);
    }
    double apart = entropy(byGroup, groups.size()) + entropy(byLabel, labels.size());
    return apart == 0 ? 1 : 2 * (apart - entropy(both, groups.size())) / apart;
  }

  private static double entropy(Map<?, Integer> counts, int total) {
    double entropy = 0;
    for (int count : counts.values()) {
      double share = (double) count / total;
      entropy -= share * Math.log(share);
    }
    return entropy;
  }
}
