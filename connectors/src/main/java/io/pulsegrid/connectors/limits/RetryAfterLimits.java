package io.pulsegrid.connectors.limits;

import io.pulsegrid.connectors.http.Heard;
import java.time.Instant;
import java.util.Optional;

/**
 * The dialect of Forem, and of anybody who keeps to HTTP alone: nothing while all is well, then 429
 * and {@code Retry-After}.
 */
public final class RetryAfterLimits implements Dialect {
  @Override
  public Told read(Heard heard, Instant now) {
    return throttles(heard)
        ? Told.blocked(Optional.empty(), Said.retryAfter(heard, now))
        : Told.NOTHING;
  }
}
