package io.pulsegrid.api.publishing;

import io.pulsegrid.api.web.Answers;
import io.pulsegrid.api.web.Fields;
import io.pulsegrid.api.web.Reply;
import io.pulsegrid.core.access.Caller;
import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.publish.DeliveryState;
import io.pulsegrid.core.publish.Publishing;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
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

  @DeleteMapping
  @Operation(
      summary = "Cancel deliveries",
      description = "All that wait in a state, or are dead letters in FAILED.")
  Cancelled cancel(
      @AuthenticationPrincipal Caller caller,
      @Parameter(schema = @Schema(implementation = DeliveryState.class))
          @RequestParam(required = false)
          @Nullable String state,
      @Parameter(description = "only those due before; all if absent")
          @RequestParam(required = false)
          @Nullable String before) {
    Fields fields = new Fields();
    DeliveryState from = fields.oneOf("state", state, DeliveryState.class);
    Instant end = fields.instant("before", before);
    if (state == null || state.isBlank()) {
      fields.reject("state", "is required, such as SCHEDULED or FAILED");
    }
    fields.settle();
    return new Cancelled(
        publishing.cancelAll(caller.workspace(), Objects.requireNonNull(from), end));
  }

  @PostMapping("/pause")
  @Operation(
      summary = "Stop publishing on a platform, or everywhere",
      description = "Nothing more is sent on any node; running calls are settled.")
  @ApiResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = QueueView.class)))
  ResponseEntity<byte[]> pause(
      @AuthenticationPrincipal Caller caller,
      @Parameter(description = "all if absent") @RequestParam(required = false)
          @Nullable String platform,
      HttpServletRequest request) {
    @Nullable String only = named(platform);
    return answers.once(
        caller,
        request,
        () -> {
          if (only == null) {
            publishing.pause();
          } else {
            publishing.pause(only);
          }
          return Reply.ok(read(caller.workspace()));
        });
  }

  @PostMapping("/resume")
  @Operation(
      summary = "Publish again",
      description = "A pause of everything and those of platforms end each by itself.")
  @ApiResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = QueueView.class)))
  ResponseEntity<byte[]> resume(
      @AuthenticationPrincipal Caller caller,
      @Parameter(description = "all if absent") @RequestParam(required = false)
          @Nullable String platform,
      HttpServletRequest request) {
    @Nullable String only = named(platform);
    return answers.once(
        caller,
        request,
        () -> {
          if (only == null) {
            publishing.resume();
          } else {
            publishing.resume(only);
          }
          return Reply.ok(read(caller.workspace()));
        });
  }

  private static @Nullable String named(@Nullable String platform) {
    return platform == null || platform.isBlank() ? null : platform.strip();
  }

  private QueueView read(WorkspaceId workspace) {
    return QueueView.of(publishing.counts(workspace));
  }

  /** How many deliveries were taken out of the queue. */
  record Cancelled(long cancelled) {}

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
      @Schema(description = "whether everything is") boolean paused,
      @Schema(description = "platforms that are by themselves") List<String> pausedPlatforms,
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
          counts.pausedPlatforms(),
          counts.at());
    }
  }
}
