package io.pulsegrid.api.subscriptions;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.pulsegrid.core.telling.Subscription;
import io.pulsegrid.core.telling.Subscription.Target;
import io.pulsegrid.core.telling.Subscription.Wanted;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A subscription as it is shown. */
@Schema(name = "Subscription")
record SubscriptionView(
    String id,
    @Nullable String keyword,
    @Nullable String query,
    @Nullable String platform,
    double minScore,
    @Schema(description = "who is told, as it was given") @Nullable String target,
    @Schema(description = "the webhook that is told; GET /webhooks/{id} tells how it goes")
        @Nullable String webhook,
    Instant createdAt,
    @Schema(
            description =
                "what calls to the address are signed with: only in the answer to the POST that"
                    + " gave it a webhook")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable String secret) {
  static SubscriptionView of(Subscription subscription) {
    return of(subscription, null);
  }

  static SubscriptionView of(Subscription subscription, @Nullable String secret) {
    Wanted wanted = subscription.spec().wanted();
    return new SubscriptionView(
        subscription.id(),
        wanted.keyword(),
        wanted.query(),
        wanted.platform(),
        wanted.minScore(),
        switch (subscription.spec().target()) {
          case null -> null;
          case Target.OfWebhook webhook -> webhook.id();
          case Target.Address address -> address.url().toString();
        },
        subscription.webhook(),
        subscription.createdAt(),
        secret);
  }

  @Override
  public String toString() {
    return "SubscriptionView[" + id + "]";
  }
}
