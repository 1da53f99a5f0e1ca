package io.pulsegrid.api.publishing;

import io.pulsegrid.api.web.Answers;
import io.pulsegrid.api.web.Reply;
import io.pulsegrid.api.web.Utf8;
import io.pulsegrid.core.access.Caller;
import io.pulsegrid.core.failure.FieldError;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.publish.Preview;
import io.pulsegrid.core.publish.Publishing;
import io.pulsegrid.core.publish.Publishing.Placed;
import io.pulsegrid.core.publish.ScheduledPost;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

@RestController
@RequestMapping("/api/v1/scheduled-posts/batch")
@Tag(name = "scheduled-posts")
final class BatchController {
  private static final String CSV = "text/csv";

  private final Publishing publishing;
  private final Preview.Previews previews;
  private final BatchRows rows;
  private final Answers answers;

  BatchController(
      Publishing publishing, Preview.Previews previews, BatchRows rows, Answers answers) {
    this.publishing = publishing;
    this.previews = previews;
    this.rows = rows;
    this.answers = answers;
  }

  @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      summary = "Schedule many posts",
      description =
          "Up to 20,000 in one transaction, as a list or as CSV with the columns text, channels"
              + " (separated by blanks), now, at, local, zone, slot, priority, expiresAfter and"
              + " variant.<platform>. Rows at fault are named and left out; with atomic=true one"
              + " of them refuses all.")
  @io.swagger.v3.oas.annotations.parameters.RequestBody(
      required = true,
      content = {
        @Content(
            mediaType = MediaType.APPLICATION_JSON_VALUE,
            array = @ArraySchema(schema = @Schema(implementation = ScheduledPostBody.class))),
        @Content(
            mediaType = CSV,
            schema = @Schema(type = "string"),
            examples = @ExampleObject("text,channels,slot\nWe are live!,0198a3e2 0198a3e3,next"))
      })
  @ApiResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = BatchAnswer.class)))
  ResponseEntity<byte[]> create(
      @AuthenticationPrincipal Caller caller,
      @Parameter(description = "all or nothing") @RequestParam(defaultValue = "false")
          boolean atomic,
      @RequestBody JsonNode body,
      HttpServletRequest request) {
    return schedule(caller, request, rows.ofJson(body), atomic);
  }

  @PostMapping(consumes = CSV)
  @Operation(hidden = true)
  ResponseEntity<byte[]> createFromCsv(
      @AuthenticationPrincipal Caller caller,
      @RequestParam(defaultValue = "false") boolean atomic,
      @RequestBody byte[] body,
      HttpServletRequest request)
      throws HttpMediaTypeNotSupportedException {
    MediaType _ = Utf8.typeOf(request);
    return schedule(caller, request, rows.ofCsv(Utf8.decode(body)), atomic);
  }

  private ResponseEntity<byte[]> schedule(
      Caller caller, HttpServletRequest request, List<BatchRows.Row> batch, boolean atomic) {
    return answers.once(caller, request, () -> Reply.ok(scheduled(caller, batch, atomic)));
  }

  /** Schedules what can be scheduled, and tells of each row what became of it. */
  BatchAnswer scheduled(Caller caller, List<BatchRows.Row> batch, boolean atomic) {
    List<ScheduledPost.Draft> drafts = new ArrayList<>();
    for (BatchRows.Row row : batch) {
      if (row instanceof BatchRows.Row.Sound sound) {
        drafts.add(sound.draft());
      }
    }
    if (atomic && drafts.size() < batch.size()) {
      // Nothing of it could be kept: what the store would say of the others is not asked.
      throw PulsegridException.invalid(errors(batch));
    }
    List<Placed> all = publishing.scheduleAll(caller.workspace(), drafts, atomic);
    Warnings warnings = Warnings.about(previews, scheduled(all));
    Iterator<Placed> placed = all.iterator();
    List<BatchAnswer.Result> results = new ArrayList<>(batch.size());
    for (BatchRows.Row row : batch) {
      results.add(
          switch (row) {
            case BatchRows.Row.Broken broken ->
                BatchAnswer.Result.refused(broken.line(), broken.errors());
            case BatchRows.Row.Sound sound -> result(sound.line(), placed.next(), warnings);
          });
    }
    return BatchAnswer.of(results);
  }

  private static List<ScheduledPost> scheduled(List<Placed> placed) {
    List<ScheduledPost> posts = new ArrayList<>();
    for (Placed one : placed) {
      if (one instanceof Placed.Scheduled(ScheduledPost post)) {
        posts.add(post);
      }
    }
    return posts;
  }

  private static BatchAnswer.Result result(int line, Placed placed, Warnings warnings) {
    return switch (placed) {
      case Placed.Scheduled(ScheduledPost post) -> BatchAnswer.Result.created(line, post, warnings);
      case Placed.Refused(List<FieldError> errors) -> BatchAnswer.Result.refused(line, errors);
    };
  }

  private static List<FieldError> errors(List<BatchRows.Row> batch) {
    List<FieldError> errors = new ArrayList<>();
    for (int i = 0; i < batch.size(); i++) {
      if (batch.get(i) instanceof BatchRows.Row.Broken broken) {
        String at = "[" + i + "].";
        broken.errors().forEach(e -> errors.add(new FieldError(at + e.field(), e.message())));
      }
    }
    return errors;
  }
}
