package io.pulsegrid.api.search;

import io.pulsegrid.api.web.Fields;
import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.page.PageRequest;
import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.search.Facet;
import io.pulsegrid.core.search.SearchFilter;
import io.pulsegrid.core.search.SearchQuery;
import io.pulsegrid.core.trend.TrendId;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a search looks for and among what. */
record SearchParameters(
    @Parameter(description = "words; required unless `like` is given", example = "open source ai")
        @Nullable String q,
    @Parameter(description = "the id of a post to resemble") @Nullable String like,
    @Parameter(
            schema =
                @Schema(
                    type = "string",
                    allowableValues = {"hybrid", "text", "vector"},
                    defaultValue = "hybrid"))
        @Nullable String mode,
    @Nullable String platform,
    @Parameter(description = "published at or after") @Nullable String since,
    @Parameter(description = "published before") @Nullable String until,
    @Nullable String lang,
    @Nullable String tag,
    @Parameter(description = "the id of a trend") @Nullable String trend,
    @Nullable String author,
    @Parameter(schema = @Schema(type = "integer", minimum = "0")) @Nullable Long minLikes,
    @Parameter(
            description =
                "what to count, separated by commas: platform, lang, tag, author, trend. Counted is"
                    + " every post that passes the filters and has the words; without words (mode"
                    + " vector), every post that passes the filters",
            example = "platform,tag")
        @Nullable String facets,
    @Parameter(
            description = "whether to show where each hit has words of `q`",
            schema = @Schema(type = "boolean", defaultValue = "false"))
        @Nullable String highlight) {
  private static final String FACETS = "some of platform, lang, tag, author, trend";

  SearchQuery query(WorkspaceId workspace, PageRequest page) {
    Fields fields = new Fields();
    String words = filled(q);
    PostId model = fields.read("like", like, SearchParameters::postId, "a post's id");
    if (words == null && filled(like) == null) {
      fields.reject("q", "is required unless like is given");
    }
    SearchQuery.Mode how = mode("mode", fields);
    Long likes = minLikes;
    if (likes != null && likes < 0) {
      fields.reject("minLikes", "must not be negative; was " + likes);
    }
    Instant from = fields.instant("since", since);
    Instant to = fields.instant("until", until);
    TrendId story = fields.read("trend", trend, id -> TrendId.begunBy(postId(id)), "a trend's id");
    List<Facet> counted = fields.read("facets", facets, SearchParameters::facetsNamed, FACETS);
    Boolean shown = fields.read("highlight", highlight, SearchParameters::bool, "true or false");
    fields.settle();
    SearchFilter filter =
        new SearchFilter(
            workspace,
            filled(platform),
            from,
            to,
            filled(lang),
            filled(tag),
            story == null ? List.of() : List.of(story),
            filled(author),
            likes == null ? 0 : likes);
    SearchQuery.Also also =
        new SearchQuery.Also(counted == null ? List.of() : counted, shown != null && shown);
    return new SearchQuery(words, model, how, filter, also, page);
  }

  private static List<Facet> facetsNamed(String names) {
    return Arrays.stream(names.split(",", -1))
        .map(name -> Facet.valueOf(name.strip().toUpperCase(Locale.ROOT)))
        .distinct()
        .toList();
  }

  private static boolean bool(String text) {
    return switch (text.strip()) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("neither true nor false");
    };
  }

  private SearchQuery.Mode mode(String field, Fields fields) {
    SearchQuery.Mode asked =
        fields.read(
            field,
            mode,
            text ->
                switch (text) {
                  case "hybrid" -> SearchQuery.Mode.HYBRID;
                  case "text" -> SearchQuery.Mode.TEXT;
                  case "vector" -> SearchQuery.Mode.VECTOR;
                  default -> throw new IllegalArgumentException("unknown mode");
                },
            "one of hybrid, text, vector");
    return asked == null ? SearchQuery.Mode.HYBRID : asked;
  }

  private static PostId postId(String id) {
    return new PostId(id.strip());
  }

  private static @Nullable String filled(@Nullable String value) {
    return value == null || value.isBlank() ? null : value.strip();
  }
}
