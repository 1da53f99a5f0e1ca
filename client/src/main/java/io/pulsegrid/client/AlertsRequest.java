package io.pulsegrid.client;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which alerts are wanted.
 *
 * @param kind some kinds by commas, such as {@code failed,missed}; null for all
 * @param since only those from then on; null for all
 * @param open only those that are not over
 */
public record AlertsRequest(
    @Nullable String kind, @Nullable Instant since, boolean open, Paging page) {
  /** Those that are not over. */
  public static final AlertsRequest OPEN = new AlertsRequest(null, null, true, Paging.FIRST);
}
