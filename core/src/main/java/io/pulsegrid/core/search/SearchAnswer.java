package io.pulsegrid.core.search;

import io.pulsegrid.core.post.Post;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was found, best first.
 *
 * @param total how many posts match; for a vector search, how many were considered
 * @param complete whether every part of the grid answered; false only while it is being mended
 */
public record SearchAnswer(
    List<Hit> hits, long total, long tookMillis, @Nullable String next, boolean complete) {
  public SearchAnswer {
    hits = List.copyOf(hits);
  }

  /** One post found; scores compare within one answer only. */
  public record Hit(Post post, double score) {}
}
