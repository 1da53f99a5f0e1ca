package io.pulsegrid.node.listen;

import io.pulsegrid.core.search.SearchQuery.Mode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rankings of all nodes as one: by score within each kind of evidence, then, for a hybrid
 * search, by reciprocal rank fusion (Cormack, Clarke and Buettcher 2009, k = 60).
 */
final class Fusion {
  private static final int K = 60;

  private final Mode mode;
  private final Map<String, Float> byText = new HashMap<>();
  private final Map<String, Float> byVector = new HashMap<>();

  Fusion(Mode mode) {
    this.mode = mode;
  }

  /** One post and how well it fits. */
  record Ranked(String id, double score) {}

  void add(SearchJob.Found found) {
    found.text().forEach(s -> byText.merge(s.id(), s.score(), Float::max));
    found.vector().forEach(s -> byVector.merge(s.id(), s.score(), Float::max));
  }

  /** All, best first, without {@code except}; equal scores in the order of ids. */
  List<Ranked> ranked(@Nullable String except) {
    if (except != null) {
      byText.remove(except);
      byVector.remove(except);
    }
    List<Ranked> words = sorted(byText);
    List<Ranked> meanings = sorted(byVector);
    return switch (mode) {
      case TEXT -> words;
      case VECTOR -> meanings;
      case HYBRID -> {
        Map<String, Double> fused = new HashMap<>();
        for (List<Ranked> ranking : List.of(words, meanings)) {
          for (int rank = 0; rank < ranking.size(); rank++) {
            fused.merge(ranking.get(rank).id(), 1.0 / (K + rank + 1), Double::sum);
          }
        }
        yield sorted(fused);
      }
    };
  }

  private static List<Ranked> sorted(Map<String, ? extends Number> scores) {
    List<Ranked> ranked = new ArrayList<>();
    scores.forEach((id, score) -> ranked.add(new Ranked(id, score.doubleValue())));
    ranked.sort(Comparator.comparingDouble(Ranked::score).reversed().thenComparing(Ranked::id));
    return ranked;
  }
}
