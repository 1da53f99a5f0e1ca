package io.pulsegrid.client;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How much of something a platform lets happen, and what is left.
 *
 * @param scope {@code channel:} and its id, or {@code app:} and its platform
 * @param windowSeconds null where no window is known, as {@code limit} is
 * @param allowedAt when the next action would be allowed
 * @param custom whether a person set it, in place of the settings
 */
public record RateLimit(
    String scope,
    String action,
    @Nullable Long windowSeconds,
    @Nullable Integer limit,
    int used,
    Instant allowedAt,
    @Nullable Instant blockedUntil,
    @Nullable String reason,
    boolean custom) {

  /** Some of them, as they come. */
  record All(List<RateLimit> items) {}
}
