package io.pulsegrid.core.page;

import io.pulsegrid.core.failure.PulsegridException;
import org.jspecify.annotations.Nullable;

/**
 * Which page of a list is asked for.
 *
 * @param limit how many items at the most, 1 to 500
 * @param cursor where to go on, as {@link Page#next()} gave it; null for the first page
 */
public record PageRequest(int limit, @Nullable String cursor) {
  public static final int MAX_LIMIT = 500;
  public static final int DEFAULT_LIMIT = 50;

  public PageRequest {
    if (limit < 1 || limit > MAX_LIMIT) {
      throw PulsegridException.invalid("limit", "must be 1 to " + MAX_LIMIT + ", was " + limit);
    }
  }

  /** The first page, of the default size. */
  public static PageRequest first() {
    return new PageRequest(DEFAULT_LIMIT, null);
  }
}
