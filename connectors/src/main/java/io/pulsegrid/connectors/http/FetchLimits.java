package io.pulsegrid.connectors.http;

import java.time.Duration;

/**
 * How much one visit may take.
 *
 * @param timeout from the first byte sent to the last byte read, redirects included
 * @param maxBytes of the body, as sent and as unpacked
 */
public record FetchLimits(Duration timeout, long maxBytes) {
  public FetchLimits {
    if (timeout.isNegative() || timeout.isZero()) {
      throw new IllegalArgumentException("timeout must be positive, was " + timeout);
    }
    if (maxBytes < 1 || maxBytes > Integer.MAX_VALUE - 16) {
      throw new IllegalArgumentException("maxBytes must be 1 to 2147483631, was " + maxBytes);
    }
  }
}
