package io.pulsegrid.api.publishing;

import io.pulsegrid.api.posts.EngagementView;
import io.pulsegrid.api.web.Answers;
import io.pulsegrid.api.web.Fields;
import io.pulsegrid.api.web.Listing;
import io.pulsegrid.api.web.Paging;
import io.pulsegrid.api.web.Reply;
import io.pulsegrid.core.access.Caller;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.post.EngagementHistory;
import io.pulsegrid.core.publish.Attempt;
import io.pulsegrid.core.publish.Delivery;
import io.pulsegrid.core.publish.DeliveryState;
import io.pulsegrid.core.publish.Explanations;
import io.pulsegrid.core.publish.Publishing;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/deliveries")
@Tag(name = "deliveries", description = "One scheduled post on one channel, and how it goes")
final class DeliveriesController {
  private final Publishing publishing;
  private final Explanations explanations;
  private final EngagementHistory history;
  private final Answers answers;

  DeliveriesController(
      Publishing publishing,
      Explanations explanations,
      EngagementHistory history,
      Answers answers) {
    this.publishing = publishing;
    this.history = history;
    this.explanations = explanations;
    this.answers = answers;
  }

  @GetMapping
  @Operation(
      summary = "List deliveries",
      description = "Earliest due first, retries by their next try.")
  Listing<DeliveryView> list(
      @AuthenticationPrincipal Caller caller,
      @Parameter(schema = @Schema(implementation = DeliveryState.class))
          @RequestParam(required = false)
          @Nullable String state,
      @RequestParam(required = false) @Nullable String channel,
      @ParameterObject @ModelAttribute Paging paging) {
    Fields fields = new Fields();
    DeliveryState wanted = fields.oneOf("state", state, DeliveryState.class);
    fields.settle();
    String only = channel == null || channel.isBlank() ? null : channel;
    return Listing.of(
        publishing.listDeliveries(caller.workspace(), wanted, only, paging.request()),
        DeliveryView::of);
  }

  @GetMapping("/{id}")
  @Operation(summary = "Read a delivery", description = "With every call made for it.")
  @ApiResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = DeliveryHistory.class)))
  ResponseEntity<byte[]> get(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
    Delivery delivery = find(caller, id);
    return answers.single(delivery.fence(), history(caller, delivery));
  }

  /** A delivery with every call made for it. */
  DeliveryHistory history(Caller caller, Delivery delivery) {
    return DeliveryHistory.of(delivery, publishing.attempts(caller.workspace(), delivery.id()));
  }

  Delivery find(Caller caller, String id) {
    return publishing
        .findDelivery(caller.workspace(), id)
        .orElseThrow(() -> PulsegridException.notFound("delivery", id));
  }

  @GetMapping("/{id}/engagement")
  @Operation(
      summary = "Tell how the engagement of what was published grew",
      description =
          "Oldest first, as it was read while the post was young; none on platforms that cannot be"
              + " asked. The latest 1,000. virality tells whether it grows beyond what is usual.")
  EngagementView engagement(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
    Delivery delivery = find(caller, id);
    Instant sentAt =
        Attempt.sentAt(publishing.attempts(caller.workspace(), delivery.id()), delivery.dueAt());
    return EngagementView.of(sentAt, history.ofDelivery(delivery.id()));
  }

  @GetMapping("/{id}/why")
  @Operation(
      summary = "Tell what a delivery waits for",
      description = "In one sentence, and until when.")
  WhyView why(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
    return explanations
        .why(caller.workspace(), id)
        .map(WhyView::of)
        .orElseThrow(() -> PulsegridException.notFound("delivery", id));
  }

  @PostMapping("/{id}/retry")
  @Operation(summary = "Send a FAILED delivery again", description = "Due now, with a new budget.")
  @ApiResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = DeliveryView.class)))
  ResponseEntity<byte[]> retry(
      @AuthenticationPrincipal Caller caller, @PathVariable String id, HttpServletRequest request) {
    return changed(caller, request, () -> publishing.retry(caller.workspace(), id));
  }

  @PostMapping("/{id}/cancel")
  @Operation(
      summary = "Cancel a delivery",
      description =
          "It is never sent again; in doubt, it stays UNCONFIRMED until that is decided. 409 once it"
              + " is in flight or ended.")
  @ApiResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = DeliveryView.class)))
  ResponseEntity<byte[]> cancel(
      @AuthenticationPrincipal Caller caller, @PathVariable String id, HttpServletRequest request) {
    return changed(caller, request, () -> publishing.cancelDelivery(caller.workspace(), id));
  }

  @PostMapping("/{id}/confirm")
  @Operation(
      summary = "Decide an UNCONFIRMED delivery",
      description = "published=true: it is there. false: it is not, and is tried again.")
  @ApiResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = DeliveryView.class)))
  ResponseEntity<byte[]> confirm(
      @AuthenticationPrincipal Caller caller,
      @PathVariable String id,
      @Valid @RequestBody Word word,
      HttpServletRequest request) {
    return changed(caller, request, () -> confirmed(caller, id, word));
  }

  /** Decides a delivery by a person's word. */
  Delivery confirmed(Caller caller, String id, Word word) {
    Boolean said = word.published();
    if (said == null) {
      throw PulsegridException.invalid("published", "must be true or false");
    }
    return publishing.confirm(caller.workspace(), id, said, word.remoteId());
  }

  /** A person's word on what the platform shows. */
  @Schema(name = "Confirmation")
  record Word(
      @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable Boolean published,
      @Schema(description = "its id on the platform, if known") @Size(min = 1, max = 512)
          @Nullable String remoteId) {}

  private ResponseEntity<byte[]> changed(
      Caller caller, HttpServletRequest request, Supplier<Delivery> change) {
    return answers.once(caller, request, () -> Reply.ok(DeliveryView.of(change.get())));
  }
}
