package io.pulsegrid.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of a list.
 *
 * @param next where the next part begins, for the request's {@code cursor}; null on the last one
 * @param note how a list of the past was taken, where the record does not reach as far back; else
 *     null
 */
public record Page<T>(List<T> items, @Nullable String next, @Nullable String note) {
  public Page {
    items = List.copyOf(items);
  }
}
