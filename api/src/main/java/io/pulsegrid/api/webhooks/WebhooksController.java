package io.pulsegrid.api.webhooks;

import io.pulsegrid.api.web.Answers;
import io.pulsegrid.api.web.Listing;
import io.pulsegrid.api.web.Paging;
import io.pulsegrid.api.web.Reply;
import io.pulsegrid.core.access.Caller;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.telling.Webhook;
import io.pulsegrid.core.telling.Webhooks;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/webhooks")
@Tag(name = "webhooks", description = "Addresses that are told what happens, signed")
final class WebhooksController {
  private final Webhooks webhooks;
  private final Answers answers;

  WebhooksController(Webhooks webhooks, Answers answers) {
    this.webhooks = webhooks;
    this.answers = answers;
  }

  @GetMapping
  @Operation(summary = "List webhooks", description = "Oldest first, without their secrets.")
  Listing<WebhookView> list(
      @AuthenticationPrincipal Caller caller, @ParameterObject @ModelAttribute Paging paging) {
    return Listing.of(webhooks.list(caller.workspace(), paging.request()), WebhookView::of);
  }

  @PostMapping
  @Operation(
      summary = "Add a webhook",
      description =
          "It is told of what happens from now on, in this workspace: each event at least once, as"
              + " a POST signed as Standard Webhooks has it, again under the same webhook-id until"
              + " it answers 2xx. A secret that is made here is shown this once; a replay by"
              + " Idempotency-Key answers without it.")
  @ApiResponse(
      responseCode = "201",
      content = @Content(schema = @Schema(implementation = WebhookView.class)))
  ResponseEntity<byte[]> create(
      @AuthenticationPrincipal Caller caller,
      @Valid @RequestBody WebhookBody body,
      HttpServletRequest request) {
    Webhook.Spec spec = body.spec();
    webhooks.check(spec, body.secret());
    AtomicReference<Webhook.@Nullable Made> fresh = new AtomicReference<>();
    ResponseEntity<byte[]> kept =
        answers.once(
            caller,
            request,
            () -> {
              Webhook.Made made = webhooks.create(caller.workspace(), spec, body.secret());
              fresh.set(made);
              return Reply.created(
                  "/api/v1/webhooks/" + made.webhook().id(), null, WebhookView.of(made.webhook()));
            });
    Webhook.Made made = fresh.get();
    return made == null || made.secret() == null
        ? kept
        : answers.instead(kept, WebhookView.of(made.webhook(), made.secret()));
  }

  @GetMapping("/{id}")
  @Operation(summary = "Read a webhook", description = "How it goes; without its secret.")
  @ApiResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = WebhookView.class)))
  ResponseEntity<byte[]> get(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
    return answers.single(
        null,
        webhooks
            .find(caller.workspace(), id)
            .map(WebhookView::of)
            .orElseThrow(() -> PulsegridException.notFound("webhook", id)));
  }

  @PostMapping("/{id}/resume")
  @Operation(
      summary = "Resume a parked webhook",
      description = "It is told what it missed, in order. Does nothing to one that goes on.")
  @ApiResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = WebhookView.class)))
  ResponseEntity<byte[]> resume(
      @AuthenticationPrincipal Caller caller, @PathVariable String id, HttpServletRequest request) {
    return answers.once(
        caller, request, () -> Reply.ok(WebhookView.of(webhooks.resume(caller.workspace(), id))));
  }

  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(
      summary = "Remove a webhook",
      description = "Nothing more is sent, what it has not taken yet included.")
  void delete(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
    webhooks.delete(caller.workspace(), id);
  }
}
