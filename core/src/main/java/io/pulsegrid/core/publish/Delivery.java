package io.pulsegrid.core.publish;

import io.pulsegrid.core.access.WorkspaceId;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One scheduled post on one channel: the unit of publishing.
 *
 * @param askedAt when it was asked for, which its retries leave alone
 * @param dueAt when it is tried, or tried again
 */
public record Delivery(
    String id,
    WorkspaceId workspace,
    String scheduledPost,
    String channel,
    DeliveryState state,
    Instant askedAt,
    Instant dueAt,
    int attempts,
    Result result,
    long fence) {

  /** A delivery that is due when it was asked for. */
  public Delivery(
      String id,
      WorkspaceId workspace,
      String scheduledPost,
      String channel,
      DeliveryState state,
      Instant dueAt,
      int attempts,
      Result result,
      long fence) {
    this(id, workspace, scheduledPost, channel, state, dueAt, dueAt, attempts, result, fence);
  }

  /** When it is tried again, where that is not when it was asked for. */
  public Optional<Instant> nextTryAt() {
    boolean waits = state == DeliveryState.SCHEDULED || state == DeliveryState.RETRY;
    return waits && !dueAt.equals(askedAt) ? Optional.of(dueAt) : Optional.empty();
  }

  /** Since when it is late: what a person sends round again is wanted from then on. */
  public Instant wantedAt() {
    return attempts > 0 ? askedAt : dueAt;
  }

  /** What is known of its fate on the platform. */
  public record Result(
      @Nullable String remoteId, @Nullable String remoteUrl, @Nullable String lastError) {
    public static final Result NONE = new Result(null, null, null);
  }
}
