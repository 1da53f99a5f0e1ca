package io.pulsegrid.core.page;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One page of a list.
 *
 * @param items the page's items, in the list's order
 * @param next the cursor of the following page; null on the last one
 */
public record Page<T>(List<T> items, @Nullable String next) {
  public Page {
    items = List.copyOf(items);
  }

  /** The same page with each item turned into something else. */
  public <R> Page<R> map(Function<? super T, ? extends R> change) {
    return new Page<>(items.stream().<R>map(change).toList(), next);
  }

  /**
   * Cuts a page out of one item more than the page holds: ask the store for {@code limit + 1}.
   *
   * @param cursorOf the cursor that continues after an item
   */
  public static <T> Page<T> cut(List<T> upToOneMore, int limit, Function<T, String> cursorOf) {
    if (upToOneMore.size() <= limit) {
      return new Page<>(upToOneMore, null);
    }
    List<T> items = upToOneMore.subList(0, limit);
    return new Page<>(items, cursorOf.apply(items.getLast()));
  }
}
