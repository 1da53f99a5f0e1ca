package io.pulsegrid.node.listen;

import io.pulsegrid.compute.index.FacetCounts;
import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.search.Facet;
import io.pulsegrid.core.search.SearchAnswer;
import io.pulsegrid.core.trend.TrendId;
import io.pulsegrid.node.store.posts.TrendStore;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.ignite.cluster.ClusterNode;

/**
 * The counts of all nodes together. Each partition is answered by one node, so that sums are exact.
 * For one thread.
 */
final class FacetSums {
  /**
   * How many of the most frequent are looked at for a trend's id: some may turn out to be one trend
   * by now.
   */
  private static final int TRENDS_LOOKED_AT = 3 * SearchAnswer.MOST_VALUES;

  private final Map<Facet, Map<String, Long>> sums = new EnumMap<>(Facet.class);
  private final Map<String, String> examples = new HashMap<>();
  private final Map<String, ClusterNode> homes = new HashMap<>();

  FacetSums(List<Facet> facets) {
    facets.forEach(facet -> sums.put(facet, new HashMap<>()));
  }

  void add(SearchJob.Found found, ClusterNode node) {
    for (FacetTally tally : found.facets()) {
      Map<String, Long> sum = sums.get(tally.facet());
      if (sum != null) {
        tally.forEach((value, count) -> sum.merge(value, count, Long::sum));
        Map<String, String> own = new HashMap<>();
        tally.examples(own);
        own.values().forEach(id -> homes.put(id, node));
        own.forEach(examples::putIfAbsent);
      }
    }
  }

  /** The most frequent values of each facet. */
  List<FacetTally> told(WorkspaceId workspace, NearCopies copies, TrendStore trends) {
    List<FacetTally> told = new ArrayList<>();
    sums.forEach(
        (facet, sum) -> {
          Map<String, Long> named =
              facet == Facet.TREND ? byTrend(sum, workspace, copies, trends) : sum;
          told.add(FacetTally.of(facet, mostFrequent(named, SearchAnswer.MOST_VALUES)));
        });
    return told;
  }

  /** An index knows trends by a key; one of its posts knows the id, and Postgres what it is now. */
  private Map<String, Long> byTrend(
      Map<String, Long> sum, WorkspaceId workspace, NearCopies copies, TrendStore trends) {
    Map<String, ClusterNode> wanted = new HashMap<>();
    for (Map.Entry<String, Long> one : mostFrequent(sum, TRENDS_LOOKED_AT)) {
      String example = examples.getOrDefault(one.getKey(), "");
      ClusterNode home = homes.get(example);
      if (home != null) {
        wanted.put(example, home);
      }
    }
    List<TrendId> ids =
        copies.read(workspace, wanted).posts().values().stream()
            .flatMap(post -> Stream.ofNullable(post.progress().trendId()))
            .distinct()
            .toList();
    Map<String, Long> named = new HashMap<>();
    names(trends, ids)
        .forEach(
            (trend, names) ->
                named.put(
                    trend.value(),
                    names.stream()
                        .mapToLong(id -> sum.getOrDefault(FacetCounts.trendKey(id), 0L))
                        .sum()));
    named.values().removeIf(count -> count == 0);
    return named;
  }

  private static Map<TrendId, List<TrendId>> names(TrendStore trends, List<TrendId> ids) {
    try {
      return StoreAway.guard(() -> trends.namesOf(ids));
    } catch (PulsegridException away) {
      // As they were: what was merged since shows apart.
      Map<TrendId, List<TrendId>> names = new HashMap<>();
      ids.forEach(id -> names.put(id, List.of(id)));
      return names;
    }
  }

  private static List<Map.Entry<String, Long>> mostFrequent(Map<String, Long> counts, int most) {
    return counts.entrySet().stream()
        .sorted(
            Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                .thenComparing(Map.Entry.comparingByKey()))
        .limit(most)
        .toList();
  }
}
