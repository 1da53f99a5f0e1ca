package io.pulsegrid.api.publishing;

import io.pulsegrid.core.publish.Delivery;
import io.pulsegrid.core.publish.DeliveryState;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A delivery as it is shown. */
@Schema(name = "Delivery")
public record DeliveryView(
    String id,
    String scheduledPost,
    String channel,
    DeliveryState state,
    @Schema(description = "when it was asked for") Instant dueAt,
    @Schema(description = "when it is tried again, after a try that came to nothing")
        @Nullable Instant nextTryAt,
    @Schema(description = "how many calls were made") int attempts,
    @Nullable String remoteId,
    @Nullable String remoteUrl,
    @Nullable String lastError) {

  /** A delivery as the caller reads it. */
  public static DeliveryView of(Delivery delivery) {
    return new DeliveryView(
        delivery.id(),
        delivery.scheduledPost(),
        delivery.channel(),
        delivery.state(),
        delivery.askedAt(),
        delivery.nextTryAt().orElse(null),
        delivery.attempts(),
        delivery.result().remoteId(),
        delivery.result().remoteUrl(),
        delivery.result().lastError());
  }
}
