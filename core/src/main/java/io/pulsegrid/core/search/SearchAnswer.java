package io.pulsegrid.core.search;

import io.pulsegrid.core.post.Post;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was found, best first.
 *
 * @param total how many posts match the words, where 10,000 stands for that many or more unless
 *     facets are counted; for a vector search, how many were considered
 * @param facets by each facet asked for its values, the most frequent first, then by value
 * @param complete whether every part of the grid answered; false only while it is being mended
 */
public record SearchAnswer(
    List<Hit> hits,
    Map<Facet, List<ValueCount>> facets,
    long total,
    long tookMillis,
    @Nullable String next,
    boolean complete) {
  /** How many values of a facet are told at the most. */
  public static final int MOST_VALUES = 100;

  public SearchAnswer {
    hits = List.copyOf(hits);
    Map<Facet, List<ValueCount>> copied = new EnumMap<>(Facet.class);
    facets.forEach((facet, values) -> copied.put(facet, List.copyOf(values)));
    facets = Collections.unmodifiableMap(copied);
  }

  /**
   * One post found; scores compare within one answer only.
   *
   * @param highlights null unless they were asked for
   */
  public record Hit(Post post, double score, @Nullable Highlights highlights) {
    public Hit(Post post, double score) {
      this(post, score, null);
    }
  }

  /** How many of the posts that match have a value: what a search finds that filters by it. */
  public record ValueCount(String value, long count) {}

  /**
   * Where a post has the words, as HTML: all is escaped, each match stands in {@code <em>}.
   *
   * @param title the whole title, if it has any of them; else empty
   * @param text at most three passages, in the order of the text
   */
  public record Highlights(List<String> title, List<String> text) {
    public Highlights {
      title = List.copyOf(title);
      text = List.copyOf(text);
    }
  }
}
