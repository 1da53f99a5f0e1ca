package io.pulsegrid.api.publishing;

import io.pulsegrid.api.web.Answers;
import io.pulsegrid.api.web.ETags;
import io.pulsegrid.api.web.Listing;
import io.pulsegrid.api.web.Paging;
import io.pulsegrid.api.web.Reply;
import io.pulsegrid.core.access.Caller;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.publish.RecurringPosts;
import io.pulsegrid.core.publish.Series;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
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
@RequestMapping("/api/v1/series")
@Tag(name = "series", description = "Posts that come again and again")
final class SeriesController {
  private final RecurringPosts recurring;
  private final Answers answers;

  SeriesController(RecurringPosts recurring, Answers answers) {
    this.recurring = recurring;
    this.answers = answers;
  }

  @GetMapping
  @Operation(summary = "List series", description = "Oldest first.")
  Listing<SeriesView> list(
      @AuthenticationPrincipal Caller caller, @ParameterObject @ModelAttribute Paging paging) {
    return Listing.of(recurring.list(caller.workspace(), paging.request()), SeriesView::of);
  }

  @PostMapping
  @Operation(
      summary = "Begin a series",
      description =
          "when takes local, zone and repeat, the value of an RRULE of RFC 5545. Its posts are"
              + " scheduled posts of their own, written at least a week ahead.")
  @ApiResponse(
      responseCode = "201",
      content = @Content(schema = @Schema(implementation = SeriesView.class)))
  ResponseEntity<byte[]> begin(
      @AuthenticationPrincipal Caller caller,
      @Valid @RequestBody ScheduledPostBody body,
      HttpServletRequest request) {
    Series.Plan plan = body.plan();
    return answers.once(caller, request, () -> begun(caller, plan));
  }

  /** Begins a series and tells what comes of it. */
  Reply begun(Caller caller, Series.Plan plan) {
    Series.Outlook made = recurring.begin(caller.workspace(), plan);
    return Reply.created(
        "/api/v1/series/" + made.series().id(), made.series().version(), SeriesView.of(made));
  }

  @GetMapping("/{id}")
  @Operation(summary = "Read a series", description = "With its next times.")
  @ApiResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = SeriesView.class)))
  ResponseEntity<byte[]> get(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
    return shown(find(caller, id));
  }

  Series.Outlook find(Caller caller, String id) {
    return recurring
        .find(caller.workspace(), id)
        .orElseThrow(() -> PulsegridException.notFound("series", id));
  }

  @PutMapping("/{id}")
  @Operation(
      summary = "Change a series",
      description =
          "From now on; occurrences that were edited or cancelled one by one stay as they are."
              + " 409 once it has ended.")
  @ApiResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = SeriesView.class)))
  ResponseEntity<byte[]> replace(
      @AuthenticationPrincipal Caller caller,
      @PathVariable String id,
      @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
      @Valid @RequestBody ScheduledPostBody body) {
    return shown(recurring.replace(caller.workspace(), id, body.plan(), ETags.expected(ifMatch)));
  }

  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(
      summary = "End a series",
      description = "Cancels all of its posts that nothing was sent for; 409 once it has ended.")
  void end(
      @AuthenticationPrincipal Caller caller,
      @PathVariable String id,
      @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch) {
    recurring.end(caller.workspace(), id, ETags.expected(ifMatch));
  }

  private ResponseEntity<byte[]> shown(Series.Outlook outlook) {
    return answers.single(outlook.series().version(), SeriesView.of(outlook));
  }
}
