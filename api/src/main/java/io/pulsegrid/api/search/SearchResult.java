package io.pulsegrid.api.search;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.pulsegrid.api.posts.PostView;
import io.pulsegrid.core.search.Facet;
import io.pulsegrid.core.search.SearchAnswer;
import io.pulsegrid.core.search.SearchQuery;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a search found, best first. */
record SearchResult(
    List<Hit> hits,
    @Schema(
            description =
                "by each facet asked for its 100 most frequent values, without case; the count is"
                    + " how many posts match that have the value. Absent unless asked for",
            example = "{\"platform\":[{\"value\":\"hackernews\",\"count\":12}]}")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable Map<String, List<SearchAnswer.ValueCount>> facets,
    @Schema(
            description =
                "how many match the words; 10000 stands for that many or more, unless facets were"
                    + " asked for. For a vector search, how many were considered")
        long total,
    long tookMillis,
    @Schema(
            description =
                "the cursor of the next page, good for ten minutes; absent on the last one. Pages"
                    + " give no post twice and leave none out, whatever comes in meanwhile")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable String next,
    @Schema(description = "false while a part of the grid does not answer: ask again later")
        boolean complete) {

  record Hit(
      PostView post,
      @Schema(description = "compares within one answer only") double score,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Highlights highlights) {}

  @Schema(description = "HTML: escaped, with words of `q` in <em>. Absent unless asked for")
  record Highlights(
      @Schema(description = "the whole title, if it has any of them") List<String> title,
      @Schema(description = "at most three passages") List<String> text) {}

  static SearchResult of(SearchAnswer answer, SearchQuery.Also also) {
    Map<String, List<SearchAnswer.ValueCount>> counted = null;
    if (!also.facets().isEmpty()) {
      counted = new LinkedHashMap<>();
      for (Facet facet : also.facets()) {
        counted.put(
            facet.name().toLowerCase(Locale.ROOT), answer.facets().getOrDefault(facet, List.of()));
      }
    }
    return new SearchResult(
        answer.hits().stream().map(SearchResult::hit).toList(),
        counted,
        answer.total(),
        answer.tookMillis(),
        answer.next(),
        answer.complete());
  }

  private static Hit hit(SearchAnswer.Hit found) {
    SearchAnswer.Highlights shown = found.highlights();
    return new Hit(
        PostView.of(found.post()),
        found.score(),
        shown == null ? null : new Highlights(shown.title(), shown.text()));
  }
}
