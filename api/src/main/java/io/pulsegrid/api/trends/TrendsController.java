package io.pulsegrid.api.trends;

import io.pulsegrid.api.posts.PostView;
import io.pulsegrid.api.web.Answers;
import io.pulsegrid.api.web.Fields;
import io.pulsegrid.api.web.Listing;
import io.pulsegrid.api.web.Paging;
import io.pulsegrid.core.access.Caller;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.post.Posts;
import io.pulsegrid.core.trend.Trend;
import io.pulsegrid.core.trend.TrendId;
import io.pulsegrid.core.trend.TrendState;
import io.pulsegrid.core.trend.Trends;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/trends")
@Tag(name = "trends", description = "Stories told by many posts")
final class TrendsController {
  private static final long MANY = 2;

  private final Trends trends;
  private final Posts posts;
  private final Answers answers;

  TrendsController(Trends trends, Posts posts, Answers answers) {
    this.trends = trends;
    this.posts = posts;
    this.answers = answers;
  }

  @GetMapping
  @Operation(
      summary = "List trends",
      description = "Highest score first; trends of one post only with minPosts=1.")
  Listing<TrendView> list(
      @AuthenticationPrincipal Caller caller,
      @Parameter(schema = @Schema(implementation = TrendState.class))
          @RequestParam(required = false)
          @Nullable String state,
      @Parameter(schema = @Schema(type = "integer", minimum = "1", defaultValue = "2"))
          @RequestParam(required = false)
          @Nullable Long minPosts,
      @Parameter(hidden = true) @RequestParam(required = false) @Nullable String at,
      @ParameterObject @ModelAttribute Paging paging) {
    Fields fields = new Fields();
    TrendState wanted = fields.oneOf("state", state, TrendState.class);
    if (minPosts != null && minPosts < 1) {
      fields.reject("minPosts", "must be at least 1; was " + minPosts);
    }
    fields.notYet("at", at);
    fields.settle();
    return Listing.of(
        trends.list(
            caller.workspace(), wanted, minPosts == null ? MANY : minPosts, paging.request()),
        TrendView::of);
  }

  @GetMapping("/{id}")
  @Operation(
      summary = "Read a trend",
      description = "The id of a trend that was merged answers with the trend it became part of.")
  @ApiResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = TrendView.class)))
  ResponseEntity<byte[]> get(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
    return answers.single(null, TrendView.of(find(caller, id)));
  }

  @GetMapping("/{id}/posts")
  @Operation(summary = "List a trend's posts", description = "Newest publishedAt first.")
  Listing<PostView> posts(
      @AuthenticationPrincipal Caller caller,
      @PathVariable String id,
      @ParameterObject @ModelAttribute Paging paging) {
    TrendId trend = find(caller, id).id();
    var query = new Posts.Query(caller.workspace(), null, null, null, null, trend);
    return Listing.of(posts.list(query, paging.request()), PostView::of);
  }

  Trend find(Caller caller, String id) {
    if (!PostId.isValid(id)) {
      throw PulsegridException.notFound("trend", id);
    }
    return trends
        .find(caller.workspace(), new TrendId(id))
        .orElseThrow(() -> PulsegridException.notFound("trend", id));
  }
}
