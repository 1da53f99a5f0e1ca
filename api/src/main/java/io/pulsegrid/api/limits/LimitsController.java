package io.pulsegrid.api.limits;

import io.pulsegrid.api.web.Answers;
import io.pulsegrid.api.web.Listing;
import io.pulsegrid.api.web.Pages;
import io.pulsegrid.api.web.Reply;
import io.pulsegrid.core.access.Caller;
import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.limit.CustomLimits;
import io.pulsegrid.core.limit.Limits;
import io.pulsegrid.core.limit.RateLimit;
import io.pulsegrid.core.publish.Channel;
import io.pulsegrid.core.publish.Channels;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/rate-limits")
@Tag(name = "rate-limits", description = "How much a platform lets a channel do, and what is left")
final class LimitsController {
  private final Limits limits;
  private final CustomLimits custom;
  private final Channels channels;
  private final Answers answers;

  LimitsController(Limits limits, CustomLimits custom, Channels channels, Answers answers) {
    this.limits = limits;
    this.custom = custom;
    this.channels = channels;
    this.answers = answers;
  }

  @GetMapping
  @Operation(summary = "List rate limits", description = "Of one channel, or of all of them.")
  Listing<RateLimitView> list(
      @AuthenticationPrincipal Caller caller,
      @Parameter(description = "the id of a channel") @RequestParam(required = false)
          @Nullable String channel) {
    List<RateLimit> found =
        channel == null || channel.isBlank()
            ? ofAll(caller.workspace())
            : limits.of(caller.workspace(), channel);
    return Listing.whole(found, RateLimitView::of);
  }

  @PutMapping("/{scope}")
  @Operation(
      summary = "Set a limit of a scope, or hold it back",
      description =
          "With `action`, `windowSeconds` and `limit` a sliding window: in place of the one in the"
              + " settings that is as long, or else beside them. With `blockedUntil` and `reason`"
              + " nothing is sent before then; of two blocks the longer one stays. Both hold on"
              + " every node within seconds. The scope of a channel is `channel:` and its id; that"
              + " of an app, `app:` and its platform, which all workspaces share, takes an admin"
              + " key of the workspace default. Answers with the scope's limits.")
  RateLimits set(
      @AuthenticationPrincipal Caller caller,
      @PathVariable String scope,
      @RequestBody CustomLimitBody body) {
    body.apply(custom, caller.workspace(), scope);
    return RateLimits.of(custom.of(caller.workspace(), scope));
  }

  @DeleteMapping("/{scope}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(
      summary = "Take limits back that were set",
      description = "All of the scope, or those of an action or a length; the settings hold again.")
  void remove(
      @AuthenticationPrincipal Caller caller,
      @PathVariable String scope,
      @RequestParam(required = false) @Nullable String action,
      @RequestParam(required = false) @Nullable Long windowSeconds) {
    custom.remove(
        caller.workspace(),
        scope,
        action,
        windowSeconds == null ? null : Duration.ofSeconds(windowSeconds));
  }

  @DeleteMapping("/{scope}/block")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(
      summary = "Lift a block",
      description =
          "Whoever set it: the platform or a person. That of an app, which all workspaces share,"
              + " takes an admin key of the workspace default.")
  void unblock(@AuthenticationPrincipal Caller caller, @PathVariable String scope) {
    limits.unblock(caller.workspace(), scope);
  }

  @PostMapping("/actions")
  @Operation(
      summary = "Count an action taken outside",
      description = "Answers with the channel's limits as they stand then.")
  @ApiResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = RateLimits.class)))
  ResponseEntity<byte[]> record(
      @AuthenticationPrincipal Caller caller,
      @Valid @RequestBody Action body,
      HttpServletRequest request) {
    return answers.once(caller, request, () -> recorded(caller, body));
  }

  /** Counts an action and tells how the limits stand then. */
  Reply recorded(Caller caller, Action taken) {
    limits.record(caller.workspace(), taken.channel(), taken.action());
    return Reply.ok(RateLimits.of(limits.of(caller.workspace(), taken.channel())));
  }

  // Channels of one platform share its app's windows: each is told once.
  private List<RateLimit> ofAll(WorkspaceId workspace) {
    Map<String, RateLimit> found = new LinkedHashMap<>();
    Pages.<Channel>stream(page -> channels.list(workspace, page))
        .flatMap(channel -> limits.of(workspace, channel.id()).stream())
        .forEach(
            limit -> found.put(limit.scope() + ' ' + limit.action() + ' ' + limit.window(), limit));
    return new ArrayList<>(found.values());
  }

  @Schema(name = "RateLimits")
  record RateLimits(List<RateLimitView> items) {
    static RateLimits of(List<RateLimit> limits) {
      return new RateLimits(limits.stream().map(RateLimitView::of).toList());
    }
  }

  @Schema(name = "OutsideAction")
  record Action(
      @Schema(description = "the id of a channel") @NotBlank String channel,
      @Schema(
              allowableValues = {"publish", "like", "comment", "follow", "message"},
              example = "publish")
          @NotBlank
          String action) {}

  @Schema(name = "RateLimit")
  record RateLimitView(
      @Schema(example = "channel:0198a3e2") String scope,
      @Schema(example = "publish") String action,
      @Schema(description = "absent where no window is known", example = "10800")
          @Nullable Long windowSeconds,
      @Schema(description = "absent where no window is known", example = "300")
          @Nullable Integer limit,
      int used,
      @Schema(description = "when the next action would be allowed") Instant allowedAt,
      @Nullable Instant blockedUntil,
      @Nullable String reason,
      @Schema(description = "whether a person set it, in place of the settings") boolean custom) {
    static RateLimitView of(RateLimit limit) {
      Duration window = limit.window();
      return new RateLimitView(
          limit.scope(),
          limit.action(),
          window == null ? null : window.toSeconds(),
          limit.limit(),
          limit.used(),
          limit.allowedAt(),
          limit.blockedUntil(),
          limit.reason(),
          limit.custom());
    }
  }
}
