package io.pulsegrid.compute.index;

import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.search.Facet;
import io.pulsegrid.core.search.SearchFilter;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * What an index is asked.
 *
 * @param text what is looked for; {@code "quotes"} and {@code -exclusions} count
 * @param vector of unit length, from the model of the index
 * @param bucketsServed whether this node answers for a bucket just now
 * @param depth how many posts of each kind at most
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record IndexQuery(
    @Nullable String text,
    float @Nullable [] vector,
    SearchFilter filter,
    IntPredicate bucketsServed,
    int depth,
    Detail detail) {
  /** A query with nothing special about it. */
  public IndexQuery(
      @Nullable String text,
      float @Nullable [] vector,
      SearchFilter filter,
      IntPredicate bucketsServed,
      int depth) {
    this(text, vector, filter, bucketsServed, depth, Detail.NONE);
  }

  /**
   * What need not be said.
   *
   * @param statistics how frequent the words are among all posts; null for those of this index
   * @param facets what to count
   * @param except a post that neither matches nor is counted
   */
  public record Detail(
      @Nullable WordStatistics statistics, List<Facet> facets, @Nullable PostId except) {
    public static final Detail NONE = new Detail(null, List.of(), null);

    public Detail {
      facets = List.copyOf(facets);
    }
  }
}
