package io.pulsegrid.api.publishing;

import io.pulsegrid.api.web.Answers;
import io.pulsegrid.api.web.ETags;
import io.pulsegrid.api.web.Listing;
import io.pulsegrid.api.web.Paging;
import io.pulsegrid.api.web.Reply;
import io.pulsegrid.core.access.Caller;
import io.pulsegrid.core.failure.FieldError;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.publish.Preview;
import io.pulsegrid.core.publish.Publishing;
import io.pulsegrid.core.publish.ScheduledPost;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/scheduled-posts")
@Tag(name = "scheduled-posts", description = "What people want said, and when")
final class ScheduledPostsController {
  private final Publishing publishing;
  private final Preview.Previews previews;
  private final Answers answers;

  ScheduledPostsController(Publishing publishing, Preview.Previews previews, Answers answers) {
    this.publishing = publishing;
    this.previews = previews;
    this.answers = answers;
  }

  @GetMapping
  @Operation(summary = "List scheduled posts", description = "Latest created first.")
  Listing<ScheduledPostView> list(
      @AuthenticationPrincipal Caller caller, @ParameterObject @ModelAttribute Paging paging) {
    return Listing.of(publishing.list(caller.workspace(), paging.request()), ScheduledPostView::of);
  }

  @PostMapping
  @Operation(
      summary = "Schedule a post",
      description =
          "It and its deliveries, one a channel, are stored durably before the answer. A past `at`"
              + " within expiresAfter goes out now.")
  @ApiResponse(
      responseCode = "201",
      content = @Content(schema = @Schema(implementation = ScheduledPostView.class)))
  ResponseEntity<byte[]> create(
      @AuthenticationPrincipal Caller caller,
      @Valid @RequestBody ScheduledPostBody body,
      HttpServletRequest request) {
    ScheduledPost.Draft draft = body.draft();
    return answers.once(caller, request, () -> scheduled(caller, draft));
  }

  /** Schedules a post and tells what became of it. */
  Reply scheduled(Caller caller, ScheduledPost.Draft draft) {
    ScheduledPost made = publishing.schedule(caller.workspace(), draft);
    return Reply.created(
        "/api/v1/scheduled-posts/" + made.id(),
        made.version(),
        ScheduledPostView.of(made, warnings(made)));
  }

  private List<FieldError> warnings(ScheduledPost made) {
    return Warnings.about(previews, List.of(made)).of(made);
  }

  @GetMapping("/{id}")
  @Operation(summary = "Read a scheduled post")
  @ApiResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = ScheduledPostView.class)))
  ResponseEntity<byte[]> get(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
    return shown(find(caller, id));
  }

  @PutMapping("/{id}")
  @Operation(
      summary = "Replace a scheduled post",
      description = "409 once a delivery is in flight or ended.")
  @ApiResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = ScheduledPostView.class)))
  ResponseEntity<byte[]> replace(
      @AuthenticationPrincipal Caller caller,
      @PathVariable String id,
      @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
      @Valid @RequestBody ScheduledPostBody body) {
    ScheduledPostView changed = replaced(caller, id, body.draft(), ETags.expected(ifMatch));
    return answers.single(changed.version(), changed);
  }

  /** Puts another post in one's place and tells what became of it. */
  ScheduledPostView replaced(
      Caller caller, String id, ScheduledPost.Draft draft, OptionalLong expected) {
    ScheduledPost changed = publishing.replace(caller.workspace(), id, draft, expected);
    return ScheduledPostView.of(changed, warnings(changed));
  }

  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(
      summary = "Cancel a scheduled post",
      description = "Every delivery not yet in flight; 409 once nothing is left to cancel.")
  void cancel(
      @AuthenticationPrincipal Caller caller,
      @PathVariable String id,
      @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch) {
    publishing.cancel(caller.workspace(), id, ETags.expected(ifMatch));
  }

  ScheduledPost find(Caller caller, String id) {
    return publishing
        .find(caller.workspace(), id)
        .orElseThrow(() -> PulsegridException.notFound("scheduled post", id));
  }

  private ResponseEntity<byte[]> shown(ScheduledPost post) {
    return answers.single(post.version(), ScheduledPostView.of(post));
  }
}
