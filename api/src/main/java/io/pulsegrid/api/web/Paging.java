package io.pulsegrid.api.web;

import io.pulsegrid.core.page.PageRequest;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Which page of a list the caller asks for. */
public record Paging(
    @Parameter(
            description = "how many items at the most",
            schema = @Schema(type = "integer", minimum = "1", maximum = "500", defaultValue = "50"))
        @Nullable Integer limit,
    @Parameter(description = "where to go on: `next` of the page before") @Nullable String cursor) {

  /** The page asked for, or the first one of the default size. */
  public PageRequest request() {
    Integer asked = limit;
    String from = cursor == null || cursor.isEmpty() ? null : cursor;
    return new PageRequest(asked == null ? PageRequest.DEFAULT_LIMIT : asked, from);
  }
}
