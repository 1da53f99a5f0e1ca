package io.pulsegrid.node.listen;

import io.pulsegrid.compute.index.PostIndex;
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

  /**
   * The least cosine at which a post counts as found where no post has any of the words. Of 6,000
   * titles, the nearest to a row of random letters is at .38 (median of 200; three in four below
   * .42); what fits a word that no title has, automobile or jail, lies from .42 on.
   */
  static final float LEAST_LIKENESS = 0.42f;

  private final Mode mode;
  private final int depth;
  private long matches;
  private boolean full;
  private final Map<String, Float> byText = new HashMap<>();
  private final Map<String, Float> byVector = new HashMap<>();

  /**
   * A fusion.
   *
   * @param depth how many of each ranking count, so that the answer is the same whether one node
   *     gave it or many
   */
  Fusion(Mode mode, int depth) {
    this.mode = mode;
    this.depth = depth;
  }

  /** One post and how well it fits. */
  record Ranked(String id, double score) {}

  void add(SearchJob.Found found) {
    found.text().forEach(s -> byText.merge(s.id(), s.score(), Float::max));
    found.vector().forEach(s -> byVector.merge(s.id(), s.score(), Float::max));
    matches += found.matches();
  }

  /**
   * How many posts match the words.
   *
   * @param counted whether each node counted them all, as for facets; otherwise, since they did not
   *     beyond that, {@link PostIndex.Ranked#COUNTED} at the most, however many nodes there are
   */
  long matches(boolean counted) {
    return counted ? matches : Math.min(matches, PostIndex.Ranked.COUNTED);
  }

  /** Whether a ranking reached the depth, so that a deeper search may find more. */
  boolean isFull() {
    return full;
  }

  /** All, best first, without {@code except}; equal scores in the order of ids. */
  List<Ranked> ranked(@Nullable String except) {
    if (mode == Mode.HYBRID && byText.isEmpty()) {
      byVector.values().removeIf(likeness -> likeness < LEAST_LIKENESS);
    }
    full = byText.size() >= depth || byVector.size() >= depth;
    if (except != null) {
      byText.remove(except);
      byVector.remove(except);
    }
    List<Ranked> words = best(byText);
    List<Ranked> meanings = best(byVector);
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

  private List<Ranked> best(Map<String, Float> scores) {
    List<Ranked> all = sorted(scores);
    return all.subList(0, Math.min(depth, all.size()));
  }

  private static List<Ranked> sorted(Map<String, ? extends Number> scores) {
    List<Ranked> ranked = new ArrayList<>();
    scores.forEach((id, score) -> ranked.add(new Ranked(id, score.doubleValue())));
    ranked.sort(Comparator.comparingDouble(Ranked::score).reversed().thenComparing(Ranked::id));
    return ranked;
  }
}
