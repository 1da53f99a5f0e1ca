package io.pulsegrid.api.subscriptions;

import io.pulsegrid.api.web.Answers;
import io.pulsegrid.api.web.Listing;
import io.pulsegrid.api.web.Paging;
import io.pulsegrid.api.web.Reply;
import io.pulsegrid.core.access.Caller;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.telling.Subscription;
import io.pulsegrid.core.telling.Subscriptions;
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
@RequestMapping("/api/v1/subscriptions")
@Tag(name = "subscriptions", description = "Who is told when a trend emerges, and of which")
final class SubscriptionsController {
  private final Subscriptions subscriptions;
  private final Answers answers;

  SubscriptionsController(Subscriptions subscriptions, Answers answers) {
    this.subscriptions = subscriptions;
    this.answers = answers;
  }

  @GetMapping
  @Operation(summary = "List subscriptions", description = "Oldest first.")
  Listing<SubscriptionView> list(
      @AuthenticationPrincipal Caller caller, @ParameterObject @ModelAttribute Paging paging) {
    return Listing.of(
        subscriptions.list(caller.workspace(), paging.request()), SubscriptionView::of);
  }

  @PostMapping
  @Operation(
      summary = "Subscribe to trends",
      description =
          "An alert of the kind TREND_EMERGED the first time from now on that a trend of two posts"
              + " or more is EMERGING or RISING and meets all that is asked for: of each trend once,"
              + " under one event id however often it is sent. GET /alerts and the stream have it"
              + " as well. An address is given a webhook of its own, whose secret is shown this"
              + " once; another subscription with the same address is told by the same webhook.")
  @ApiResponse(
      responseCode = "201",
      content = @Content(schema = @Schema(implementation = SubscriptionView.class)))
  ResponseEntity<byte[]> create(
      @AuthenticationPrincipal Caller caller,
      @Valid @RequestBody SubscriptionBody body,
      HttpServletRequest request) {
    Subscription.Spec spec = body.spec();
    subscriptions.check(caller.workspace(), spec);
    AtomicReference<Subscription.@Nullable Made> fresh = new AtomicReference<>();
    ResponseEntity<byte[]> kept =
        answers.once(
            caller,
            request,
            () -> {
              Subscription.Made made = subscriptions.create(caller.workspace(), spec);
              fresh.set(made);
              return Reply.created(
                  "/api/v1/subscriptions/" + made.subscription().id(),
                  null,
                  SubscriptionView.of(made.subscription()));
            });
    Subscription.Made made = fresh.get();
    return made == null || made.secret() == null
        ? kept
        : answers.instead(kept, SubscriptionView.of(made.subscription(), made.secret()));
  }

  @GetMapping("/{id}")
  @Operation(summary = "Read a subscription")
  @ApiResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = SubscriptionView.class)))
  ResponseEntity<byte[]> get(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
    return answers.single(
        null,
        subscriptions
            .find(caller.workspace(), id)
            .map(SubscriptionView::of)
            .orElseThrow(() -> PulsegridException.notFound("subscription", id)));
  }

  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(
      summary = "Remove a subscription",
      description =
          "Nothing more is found for it. The webhook that was made for its address goes with the"
              + " last subscription that names it, what it has not taken yet included.")
  void delete(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
    subscriptions.delete(caller.workspace(), id);
  }
}
