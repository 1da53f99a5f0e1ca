package io.pulsegrid.core.search;

/** Search over every collected post of a workspace. Safe for use by many threads. */
public interface Search {
  /**
   * Asks all nodes and merges their answers.
   *
   * <p>The order of what was found stands from the first page on: following {@link
   * SearchAnswer#next} gives no post twice and leaves none out that the first page's search could
   * have found, whatever comes in, changes or is merged meanwhile. Posts that came in since may be
   * among later pages or not. A cursor is good for ten minutes after it was last used, at any node,
   * for the same question and while the node that gave it lives.
   *
   * @throws io.pulsegrid.core.failure.PulsegridException {@code INVALID} when neither text nor like
   *     is given, {@code NOT_FOUND} for an unknown {@code like}, {@code MALFORMED} for a cursor
   *     that is not good any more
   */
  SearchAnswer search(SearchQuery query);
}
