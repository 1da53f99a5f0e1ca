package io.pulsegrid.core.limit;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A sliding window of a scope as it stands; of a scope without any, whether it is blocked.
 *
 * @param scope what it holds back: {@code channel:<id>} or {@code app:<platform>}
 * @param action publish, like, comment, follow or message
 * @param window null, as is {@code limit}, where no window is known
 * @param allowedAt when the next action would be allowed
 * @param blockedUntil a block by the platform or a person, or the platform's word that nothing is
 *     left; null for none
 * @param custom whether a person set it, in place of the settings
 */
public record RateLimit(
    String scope,
    String action,
    @Nullable Duration window,
    @Nullable Integer limit,
    int used,
    Instant allowedAt,
    @Nullable Instant blockedUntil,
    @Nullable String reason,
    boolean custom) {
  /** One that stands in the settings. */
  public RateLimit(
      String scope,
      String action,
      @Nullable Duration window,
      @Nullable Integer limit,
      int used,
      Instant allowedAt,
      @Nullable Instant blockedUntil,
      @Nullable String reason) {
    this(scope, action, window, limit, used, allowedAt, blockedUntil, reason, false);
  }
}
