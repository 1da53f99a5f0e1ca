package io.pulsegrid.api.fake;

import io.pulsegrid.core.page.Cursor;
import io.pulsegrid.core.page.Page;
import io.pulsegrid.core.page.PageRequest;
import java.util.List;

/** A page cut out of a list by offset. */
final class Cut {
  private Cut() {}

  static <T> Page<T> of(List<T> all, PageRequest page) {
    String cursor = page.cursor();
    int from = cursor == null ? 0 : Integer.parseInt(Cursor.decode(cursor, 1).getFirst());
    int to = Math.min(all.size(), from + page.limit());
    return new Page<>(
        all.subList(Math.min(from, to), to), to < all.size() ? Cursor.encode(to) : null);
  }
}
