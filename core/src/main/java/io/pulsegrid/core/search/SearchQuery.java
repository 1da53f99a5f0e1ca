package io.pulsegrid.core.search;

import io.pulsegrid.core.page.PageRequest;
import io.pulsegrid.core.post.PostId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is looked for: words, a post to resemble, or both.
 *
 * @param text null only when {@code like} is given
 */
public record SearchQuery(
    @Nullable String text,
    @Nullable PostId like,
    Mode mode,
    SearchFilter filter,
    Also also,
    PageRequest page) {
  /** A query for hits alone. */
  public SearchQuery(
      @Nullable String text,
      @Nullable PostId like,
      Mode mode,
      SearchFilter filter,
      PageRequest page) {
    this(text, like, mode, filter, Also.NOTHING, page);
  }

  /** How evidence is weighed. */
  public enum Mode {
    /** Words and meaning, joined by reciprocal rank fusion. */
    HYBRID,
    /** Words alone (BM25). */
    TEXT,
    /** Meaning alone (cosine of embeddings). */
    VECTOR
  }

  /**
   * What is wanted beside the hits.
   *
   * @param facets what to count: every post that passes the filter and has the words; where there
   *     are no words to have, as in a search by meaning alone, every post that passes the filter
   * @param highlight whether to show where a hit has words of {@link SearchQuery#text}
   */
  public record Also(List<Facet> facets, boolean highlight) {
    public static final Also NOTHING = new Also(List.of(), false);

    public Also {
      facets = List.copyOf(facets);
    }
  }
}
