package io.pulsegrid.core.search;

/** Search over every collected post of a workspace. Safe for use by many threads. */
public interface Search {
  /**
   * Asks all nodes and merges their answers.
   *
   * @throws io.pulsegrid.core.failure.PulsegridException {@code INVALID} when neither text nor like
   *     is given, {@code NOT_FOUND} for an unknown {@code like}
   */
  SearchAnswer search(SearchQuery query);
}
