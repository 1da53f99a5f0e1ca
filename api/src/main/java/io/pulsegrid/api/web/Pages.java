package io.pulsegrid.api.web;

import io.pulsegrid.core.page.Page;
import io.pulsegrid.core.page.PageRequest;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A paged list read to its end, page by page, only as far as it is needed. */
public final class Pages {
  private Pages() {}

  public static <T> Stream<T> stream(Function<PageRequest, Page<T>> list) {
    return Stream.iterate(
            list.apply(new PageRequest(PageRequest.MAX_LIMIT, null)),
            page -> page != null,
            page -> after(list, page))
        .flatMap(page -> page.items().stream());
  }

  private static <T> @Nullable Page<T> after(Function<PageRequest, Page<T>> list, Page<T> page) {
    return page.next() == null
        ? null
        : list.apply(new PageRequest(PageRequest.MAX_LIMIT, page.next()));
  }
}
