package io.pulsegrid.connectors.limits;

import io.pulsegrid.connectors.http.Heard;
import java.time.Instant;

/**
 * How one platform speaks of its limits. Stateless. What it cannot read says nothing: a proxy's
 * headers, or those of another platform, never hold anything back.
 */
public interface Dialect {
  /** What this answer says at {@code now}. */
  Told read(Heard heard, Instant now);

  /** Whether this answer refuses for the limit alone, so that nothing was done. */
  default boolean throttles(Heard heard) {
    return heard.status() == 429;
  }
}
