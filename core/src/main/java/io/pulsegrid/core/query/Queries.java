package io.pulsegrid.core.query;

import io.pulsegrid.core.access.WorkspaceId;

/** Answers questions in SQL, each from the rows of one workspace alone. Safe for many threads. */
public interface Queries {
  /**
   * The rows of one SELECT.
   *
   * @param limit how many rows at the most
   * @throws io.pulsegrid.core.failure.PulsegridException {@code INVALID}, naming {@code query}, for
   *     anything that is not one SELECT, that may not be seen, takes too long or is too large;
   *     {@code UNAVAILABLE} when the store is away or too many ask at once
   */
  Table ask(WorkspaceId workspace, String sql, int limit);
}
