package io.pulsegrid.client;

import org.jspecify.annotations.Nullable;

/**
 * Which part of a list is wanted.
 *
 * @param limit 1 to 500; null for 50
 * @param cursor {@link Page#next()} of the part before; null for the first
 */
public record Paging(@Nullable Integer limit, @Nullable String cursor) {
  /** The first 50. */
  public static final Paging FIRST = new Paging(null, null);

  /** The first so many, at most 500. */
  public static Paging first(int limit) {
    return new Paging(limit, null);
  }

  /** So many from a cursor on. */
  public Paging from(@Nullable String position) {
    return new Paging(limit, position);
  }
}
