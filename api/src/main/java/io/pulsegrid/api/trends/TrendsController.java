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
import io.pulsegrid.core.trend.TrendHistory;
import io.pulsegrid.core.trend.TrendId;
import io.pulsegrid.core.trend.TrendState;
import io.pulsegrid.core.trend.Trends;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
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

  /** The caller's clock may be ahead of ours. */
  private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(1);

  private final Trends trends;
  private final TrendHistory history;
  private final Posts posts;
  private final Answers answers;
  private final InstantSource clock;

  TrendsController(
      Trends trends, TrendHistory history, Posts posts, Answers answers, InstantSource clock) {
    this.trends = trends;
    this.history = history;
    this.posts = posts;
    this.answers = answers;
    this.clock = clock;
  }

  @GetMapping
  @Operation(
      summary = "List trends",
      description =
          "Highest score first; trends of one post only with minPosts=1. With at, as the radar stood"
              + " then: trends of two posts or more, as they were last saved before, at most a few"
              + " seconds earlier. A time before the record begins is taken as one of the posts'"
              + " own, for events that were imported or replayed; note tells.")
  TrendListing list(
      @AuthenticationPrincipal Caller caller,
      @Parameter(schema = @Schema(implementation = TrendState.class))
          @RequestParam(required = false)
          @Nullable String state,
      @Parameter(schema = @Schema(type = "integer", minimum = "1", defaultValue = "2"))
          @RequestParam(required = false)
          @Nullable Long minPosts,
      @Parameter(description = "as they stood then", example = "2026-12-01T08:00:00Z")
          @RequestParam(required = false)
          @Nullable String at,
      @ParameterObject @ModelAttribute Paging paging) {
    Fields fields = new Fields();
    TrendState wanted = fields.oneOf("state", state, TrendState.class);
    if (minPosts != null && minPosts < 1) {
      fields.reject("minPosts", "must be at least 1; was " + minPosts);
    }
    Instant then = past(fields, at);
    fields.settle();
    long least = minPosts == null ? MANY : minPosts;
    return then == null
        ? TrendListing.of(trends.list(caller.workspace(), wanted, least, paging.request()))
        : TrendListing.of(
            history.list(caller.workspace(), then, wanted, least, paging.request()), then);
  }

  @GetMapping("/{id}")
  @Operation(
      summary = "Read a trend",
      description =
          "The id of a trend that was merged answers with the trend it became part of. With at, as it"
              + " stood then; 404 where it was not there yet.")
  @ApiResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = TrendView.class)))
  ResponseEntity<byte[]> get(
      @AuthenticationPrincipal Caller caller,
      @PathVariable String id,
      @Parameter(
              description = "as it stood then, with the summary it has now",
              example = "2026-12-01T08:00:00Z")
          @RequestParam(required = false)
          @Nullable String at) {
    return answers.single(null, TrendView.of(find(caller, id, at)));
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

  private @Nullable Instant past(Fields fields, @Nullable String at) {
    Instant then = fields.instant("at", at);
    if (then != null && then.isAfter(clock.instant().plus(CLOCKS_DIFFER))) {
      fields.reject("at", "must not lie ahead; was " + then);
    }
    return then;
  }

  /** A trend as it stands, or as it stood. */
  Trend find(Caller caller, String id, @Nullable String at) {
    Fields fields = new Fields();
    Instant then = past(fields, at);
    fields.settle();
    if (then == null) {
      return find(caller, id);
    }
    if (!PostId.isValid(id)) {
      throw PulsegridException.notFound("trend", id);
    }
    return history
        .find(caller.workspace(), new TrendId(id), then)
        .orElseThrow(() -> PulsegridException.notFound("trend", id + " at " + then));
  }

  private Trend find(Caller caller, String id) {
    if (!PostId.isValid(id)) {
      throw PulsegridException.notFound("trend", id);
    }
    return trends
        .find(caller.workspace(), new TrendId(id))
        .orElseThrow(() -> PulsegridException.notFound("trend", id));
  }
}
