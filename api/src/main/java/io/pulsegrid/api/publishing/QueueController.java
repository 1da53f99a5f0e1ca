package io.pulsegrid.api.publishing;

import io.pulsegrid.api.web.Answers;
import io.pulsegrid.api.web.Reply;
import io.pulsegrid.core.access.Caller;
import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.publish.Publishing;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/queue")
@Tag(name = "queue", description = "The deliveries at a glance")
final class QueueController {
  private final Publishing publishing;
  private final Answers answers;

  QueueController(Publishing publishing, Answers answers) {
    this.publishing = publishing;
    this.answers = answers;
  }

  @GetMapping
  @Operation(summary = "Count deliveries by state")
  QueueView get(@AuthenticationPrincipal Caller caller) {
    return read(caller.workspace());
  }

  @PostMapping("/pause")
  @Operation(
      summary = "Stop publishing everywhere",
      description = "Nothing more is sent on any node; running calls are settled.")
  @ApiResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = QueueView.class)))
  ResponseEntity<byte[]> pause(@AuthenticationPrincipal Caller caller, HttpServletRequest request) {
    return answers.once(
        caller,
        request,
        () -> {
          publishing.pause();
          return Reply.ok(read(caller.workspace()));
        });
  }

  @PostMapping("/resume")
  @Operation(summary = "Publish again")
  @ApiResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = QueueView.class)))
  ResponseEntity<byte[]> resume(
      @AuthenticationPrincipal Caller caller, HttpServletRequest request) {
    return answers.once(
        caller,
        request,
        () -> {
          publishing.resume();
          return Reply.ok(read(caller.workspace()));
        });
  }

  private QueueView read(WorkspaceId workspace) {
    return QueueView.of(publishing.counts(workspace));
  }

  @Schema(name = "Queue")
  record QueueView(
      long scheduled,
      @Schema(description = "of those scheduled, due by now") long due,
      long armed,
      long retry,
      long unconfirmed,
      long failed,
      long missed,
      long published,
      boolean paused,
      Instant at) {
    static QueueView of(Publishing.Counts counts) {
      return new QueueView(
          counts.scheduled(),
          counts.due(),
          counts.armed(),
          counts.retry(),
          counts.unconfirmed(),
          counts.failed(),
          counts.missed(),
          counts.published(),
          counts.paused(),
          counts.at());
    }
  }
}
