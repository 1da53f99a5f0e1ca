package io.pulsegrid.client;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a search found, best first.
 *
 * @param facets by each facet asked for its values, most frequent first; null where none was
 * @param total how many match; 10,000 stands for that many or more
 * @param next the cursor of the next page, good for ten minutes; null on the last one
 * @param complete false while a part of the grid does not answer
 */
public record SearchResult(
    List<Hit> hits,
    @Nullable Map<String, List<ValueCount>> facets,
    long total,
    long tookMillis,
    @Nullable String next,
    boolean complete) {

  /**
   * One post; scores compare within one answer only.
   *
   * @param highlights null where they were not asked for
   */
  public record Hit(Post post, double score, @Nullable Highlights highlights) {}

  /**
   * Where a hit has the words, as HTML: escaped, with them in {@code <em>}.
   *
   * @param title the whole title, if it has any of them
   * @param text at most three passages
   */
  public record Highlights(List<String> title, List<String> text) {}

  /** How many posts have a value. */
  public record ValueCount(String value, long count) {}
}
