package io.pulsegrid.chaos.judge;

import io.pulsegrid.chaos.fault.Meanwhile;
import io.pulsegrid.chaos.node.Store;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Watches for how long deliveries stay ARMED beyond their lease. One whose node died is then
 * nobody's: it must become PUBLISHED, RETRY or UNCONFIRMED.
 */
final class ArmedWatch implements AutoCloseable {
  private static final Duration EVERY = Duration.ofMillis(500);
  private static final String OVERDUE =
      "SELECT coalesce(ceil(max(extract(epoch FROM now() - lease_until)) * 1000), 0)::bigint"
          + " FROM delivery WHERE state = 'ARMED'";

  private final AtomicLong longestMillis = new AtomicLong();
  private final Meanwhile watching;

  ArmedWatch(Store store) {
    watching =
        new Meanwhile(
            "armed-watch",
            EVERY,
            () ->
                longestMillis.accumulateAndGet(
                    Long.parseLong(store.column(OVERDUE).getFirst()), Math::max));
  }

  /** The longest that any has been seen to stay so; 0 where none did. */
  long longestMillis() {
    return longestMillis.get();
  }

  @Override
  public void close() {
    try {
      watching.stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
