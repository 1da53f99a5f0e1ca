package io.pulsegrid.client;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One scheduled post on one channel.
 *
 * @param attempts how many calls were made
 * @param attemptLog every call, oldest first; null where the delivery is told without them
 */
public record Delivery(
    String id,
    String scheduledPost,
    String channel,
    String state,
    Instant dueAt,
    @Nullable Instant nextTryAt,
    int attempts,
    @Nullable String remoteId,
    @Nullable String remoteUrl,
    @Nullable String lastError,
    @Nullable List<Attempt> attemptLog) {
  private static final Set<String> ENDS = Set.of("PUBLISHED", "FAILED", "MISSED", "CANCELLED");

  /** Whether nothing happens to it any more unless somebody asks for it. */
  public boolean hasEnded() {
    return ENDS.contains(state);
  }

  /**
   * One call, or what was learnt without one.
   *
   * @param httpStatus 0 when no answer arrived
   */
  public record Attempt(
      int number,
      Instant startedAt,
      Instant endedAt,
      String outcome,
      int httpStatus,
      String detail,
      String next) {}
}
