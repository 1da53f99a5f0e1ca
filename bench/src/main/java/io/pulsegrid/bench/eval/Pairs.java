package io.pulsegrid.bench.eval;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How two groupings agree, counted in pairs of posts that a grouping puts together. */
record Pairs(long together, long wanted, long both) {
  static Pairs of(List<?> groups, List<?> labels) {
    Map<Object, Long> byGroup = new HashMap<>();
    Map<Object, Long> byLabel = new HashMap<>();
    Map<List<Object>, Long> shared = new HashMap<>();
    for (int i = 0; i < groups.size(); i++) {
      byGroup.merge(groups.get(i), 1L, Long::sum);
      byLabel.merge(labels.get(i), 1L, Long::sum);
      shared.merge(List.of(groups.get(i), labels.get(i)), 1L, Long::sum);
    }
    return new Pairs(pairs(byGroup), pairs(byLabel), pairs(shared));
  }

  private static long pairs(Map<?, Long> counts) {
    return counts.values().stream().mapToLong(n -> n * (n - 1) / 2).sum();
  }

  /** The share of the pairs put together that are wanted; 1 where there are none. */
  double precision() {
    return together == 0 ? 1 : (double) both / together;
  }

  /** The share of the wanted pairs that are put together; 1 where there are none. */
  double recall() {
    return wanted == 0 ? 1 : (double) both / wanted;
  }
}
