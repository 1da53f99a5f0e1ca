package io.pulsegrid.api.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.pulsegrid.core.page.Page;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A page of a list as the caller reads it. */
public record Listing<T>(
    List<T> items,
    @Schema(description = "the cursor of the next page; absent on the last one")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable String next) {
  public Listing {
    items = List.copyOf(items);
  }

  /** A page with each item as it is shown. */
  public static <C, V> Listing<V> of(Page<C> page, Function<C, V> view) {
    return new Listing<>(page.items().stream().map(view).toList(), page.next());
  }

  /** A list that is never cut into pages. */
  public static <C, V> Listing<V> whole(List<C> items, Function<C, V> view) {
    return new Listing<>(items.stream().map(view).toList(), null);
  }
}
