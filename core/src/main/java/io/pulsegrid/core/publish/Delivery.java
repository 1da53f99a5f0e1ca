package io.pulsegrid.core.publish;

import io.pulsegrid.core.access.WorkspaceId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One scheduled post on one channel: the unit of publishing. */
public record Delivery(
    String id,
    WorkspaceId workspace,
    String scheduledPost,
    String channel,
    DeliveryState state,
    Instant dueAt,
    int attempts,
    Result result,
    long fence) {

  /** What is known of its fate on the platform. */
  public record Result(
      @Nullable String remoteId, @Nullable String remoteUrl, @Nullable String lastError) {
    public static final Result NONE = new Result(null, null, null);
  }
}
