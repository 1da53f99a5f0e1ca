package io.pulsegrid.api.telling;

import io.pulsegrid.core.telling.Alert;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** An alert as it is shown. */
@Schema(name = "Alert")
record AlertView(
    @Schema(description = "that of its event too, the same however often it is told") String id,
    Alert.Kind kind,
    Instant at,
    @Schema(
            description = "what happened and, where something is to be done, what",
            example = "@me on mastodon is paused: HTTP 401; it needs other credentials")
        String message,
    @Schema(
            description =
                "what the platform, the receiver or the ledger said, or how the trend stood")
        String reason,
    @Schema(description = "the delivery it is about") @Nullable String delivery,
    @Nullable String scheduledPost,
    @Nullable String channel,
    @Schema(description = "the webhook it is about") @Nullable String webhook,
    @Schema(description = "the subscription that asked for it") @Nullable String subscription,
    @Schema(description = "the trend that emerges") @Nullable String trend,
    @Schema(description = "when it was no longer so; null while it is") @Nullable Instant overAt) {
  static AlertView of(Alert alert) {
    Alert.Concerns concerns = alert.concerns();
    return new AlertView(
        alert.id(),
        alert.kind(),
        alert.at(),
        alert.sentence(),
        alert.reason(),
        concerns.delivery(),
        concerns.scheduledPost(),
        concerns.channel(),
        concerns.webhook(),
        concerns.subscription(),
        concerns.trend(),
        alert.overAt());
  }
}
