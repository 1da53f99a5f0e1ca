package io.pulsegrid.core.search;

import io.pulsegrid.core.page.PageRequest;
import io.pulsegrid.core.post.PostId;
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
    PageRequest page) {
  /** How evidence is weighed. */
  public enum Mode {
    /** Words and meaning, joined by reciprocal rank fusion. */
    HYBRID,
    /** Words alone (BM25). */
    TEXT,
    /** Meaning alone (cosine of embeddings). */
    VECTOR
  }
}
