package io.pulsegrid.api.sources;

import io.pulsegrid.api.web.Answers;
import io.pulsegrid.api.web.ETags;
import io.pulsegrid.api.web.Listing;
import io.pulsegrid.api.web.Paging;
import io.pulsegrid.api.web.Reply;
import io.pulsegrid.core.access.Caller;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.source.Source;
import io.pulsegrid.core.source.Sources;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import java.util.Objects;
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
@RequestMapping("/api/v1/sources")
@Tag(name = "sources", description = "Places that are collected again and again")
final class SourcesController {
  private final Sources sources;
  private final Answers answers;

  SourcesController(Sources sources, Answers answers) {
    this.sources = sources;
    this.answers = answers;
  }

  @GetMapping
  @Operation(summary = "List sources", description = "Oldest first.")
  Listing<SourceView> list(
      @AuthenticationPrincipal Caller caller, @ParameterObject @ModelAttribute Paging paging) {
    return Listing.of(sources.list(caller.workspace(), paging.request()), SourceView::of);
  }

  @PostMapping
  @Operation(summary = "Add a source", description = "Its first visit follows at once.")
  @ApiResponse(
      responseCode = "201",
      content = @Content(schema = @Schema(implementation = SourceView.class)))
  ResponseEntity<byte[]> create(
      @AuthenticationPrincipal Caller caller,
      @Valid @RequestBody SourceBody body,
      HttpServletRequest request) {
    Source.Spec spec = body.spec(sources::usual);
    Source.Credentials credentials =
        Objects.requireNonNullElse(body.secrets(), Source.Credentials.NONE);
    sources.check(spec, credentials);
    return answers.once(
        caller,
        request,
        () -> {
          Source made = sources.create(caller.workspace(), spec, credentials);
          return Reply.created("/api/v1/sources/" + made.id(), made.version(), SourceView.of(made));
        });
  }

  @GetMapping("/{id}")
  @Operation(summary = "Read a source")
  @ApiResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = SourceView.class)))
  ResponseEntity<byte[]> get(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
    return shown(find(caller, id));
  }

  @PutMapping("/{id}")
  @Operation(
      summary = "Change a source",
      description =
          "A changed url starts from the beginning. Credentials that are left out stay, unless the"
              + " url becomes another server's.")
  @ApiResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = SourceView.class)))
  ResponseEntity<byte[]> update(
      @AuthenticationPrincipal Caller caller,
      @PathVariable String id,
      @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
      @Valid @RequestBody SourceBody body) {
    return shown(
        sources.update(
            caller.workspace(),
            id,
            body.spec(sources::usual),
            body.secrets(),
            ETags.expected(ifMatch)));
  }

  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(summary = "Remove a source", description = "Its posts stay.")
  void delete(
      @AuthenticationPrincipal Caller caller,
      @PathVariable String id,
      @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch) {
    sources.delete(caller.workspace(), id, ETags.expected(ifMatch));
  }

  @PostMapping("/{id}/collect")
  @Operation(summary = "Visit a source now", description = "Answers without waiting for the visit.")
  @ApiResponse(responseCode = "202", content = @Content)
  ResponseEntity<byte[]> collect(
      @AuthenticationPrincipal Caller caller, @PathVariable String id, HttpServletRequest request) {
    find(caller, id);
    return answers.once(
        caller,
        request,
        () -> {
          sources.collectNow(caller.workspace(), id);
          return Reply.accepted();
        });
  }

  private Source find(Caller caller, String id) {
    return sources
        .find(caller.workspace(), id)
        .orElseThrow(() -> PulsegridException.notFound("source", id));
  }

  private ResponseEntity<byte[]> shown(Source source) {
    return answers.single(source.version(), SourceView.of(source));
  }
}
