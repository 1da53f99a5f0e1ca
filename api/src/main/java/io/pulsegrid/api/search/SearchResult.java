package io.pulsegrid.api.search;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.pulsegrid.api.posts.PostView;
import io.pulsegrid.core.search.SearchAnswer;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a search found, best first. */
record SearchResult(
    List<Hit> hits,
    @Schema(description = "how many match; for a vector search, how many were considered")
        long total,
    long tookMillis,
    @Schema(description = "the cursor of the next page; absent on the last one")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable String next,
    @Schema(description = "false while a part of the grid does not answer: ask again later")
        boolean complete) {

  record Hit(
      PostView post, @Schema(description = "compares within one answer only") double score) {}

  static SearchResult of(SearchAnswer answer) {
    return new SearchResult(
        answer.hits().stream().map(hit -> new Hit(PostView.of(hit.post()), hit.score())).toList(),
        answer.total(),
        answer.tookMillis(),
        answer.next(),
        answer.complete());
  }
}
