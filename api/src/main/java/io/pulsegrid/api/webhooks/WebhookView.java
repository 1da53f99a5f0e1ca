package io.pulsegrid.api.webhooks;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.pulsegrid.core.telling.EventKind;
import io.pulsegrid.core.telling.Webhook;
import io.swagger.v3.oas.annotations.media.Schema;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A webhook as it is shown. */
@Schema(name = "Webhook")
record WebhookView(
    String id,
    URI url,
    @Schema(description = "empty for one that hears only what subscriptions have for it")
        List<String> events,
    @Schema(description = "of the latest event that it is, or is to be, told") long lastNumber,
    @Schema(description = "how many events it has not taken yet") long waiting,
    @Schema(description = "when it last took one") @Nullable Instant takenAt,
    @Schema(description = "why it did not take the latest try; null when it did")
        @Nullable String lastError,
    @Schema(description = "since when nothing is sent until it is resumed; null while it goes on")
        @Nullable Instant parkedAt,
    Instant createdAt,
    @Schema(description = "only in the answer to POST, where it was made there")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable String secret) {
  static WebhookView of(Webhook webhook) {
    return of(webhook, null);
  }

  static WebhookView of(Webhook webhook, @Nullable String secret) {
    Webhook.Standing standing = webhook.standing();
    return new WebhookView(
        webhook.id(),
        webhook.spec().url(),
        webhook.spec().events().stream().sorted().map(EventKind::label).toList(),
        standing.lastNumber(),
        standing.waiting(),
        standing.takenAt(),
        standing.lastError(),
        standing.parkedAt(),
        webhook.createdAt(),
        secret);
  }

  @Override
  public String toString() {
    return "WebhookView[" + id + "]";
  }
}
