package io.pulsegrid.compute.index;

import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.search.Facet;
import io.pulsegrid.core.trend.TrendId;
import java.util.Map;

/**
 * How many of the posts that match have each value of a facet.
 *
 * @param counts by value; a trend counts by its {@link #trendKey}
 * @param examples for a trend one of its posts, which tells its id; else empty
 */
public record FacetCounts(Facet facet, Map<String, Long> counts, Map<String, PostId> examples) {
  /**
   * Of how many values an index tells the counts at the most: more would take longer to send than
   * to count.
   */
  static final int MOST_VALUES = 100_000;

  public FacetCounts {
    counts = Map.copyOf(counts);
    examples = Map.copyOf(examples);
  }

  /** By what a trend is counted. */
  public static String trendKey(TrendId trend) {
    return trendKey(PostFields.trendKey(trend));
  }

  static String trendKey(long key) {
    return Long.toString(key, Character.MAX_RADIX);
  }
}
