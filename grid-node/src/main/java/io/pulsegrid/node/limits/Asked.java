package io.pulsegrid.node.limits;

import java.time.Instant;

/** A batch of permits asked for, by number, and until when they are held if nobody settles them. */
final class Asked {
  private final long[] permits;
  private final Instant now;
  private final Instant leaseEnd;

  Asked(long[] permits, Instant now, Instant leaseEnd) {
    this.permits = permits.clone();
    this.now = now;
    this.leaseEnd = leaseEnd;
  }

  long[] permits() {
    return permits.clone();
  }

  Instant now() {
    return now;
  }

  Instant leaseEnd() {
    return leaseEnd;
  }
}
