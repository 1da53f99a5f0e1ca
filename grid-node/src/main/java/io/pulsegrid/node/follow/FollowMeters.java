package io.pulsegrid.node.follow;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** What following posts tells its operator. */
public final class FollowMeters {
  private final MeterRegistry registry;
  private final AtomicLong lagSeconds = new AtomicLong();

  public FollowMeters(MeterRegistry registry) {
    this.registry = registry;
    registry.gauge("pulsegrid.engagement.lag.seconds", lagSeconds);
  }

  /** Counts readings by how they ended: counted, gone, unanswered, held or failed. */
  void readings(String platform, String outcome, int count) {
    if (count > 0) {
      registry
          .counter("pulsegrid.engagement.readings", "platform", platform, "outcome", outcome)
          .increment(count);
    }
  }

  void lag(Duration lag) {
    lagSeconds.set(lag.toSeconds());
  }
}
