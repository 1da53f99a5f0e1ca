package io.pulsegrid.node.collect;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;

/** What collecting tells its operator, by kind of source. */
public final class CollectMeters {
  private final MeterRegistry registry;

  public CollectMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  /** Counts posts by what became of them: accepted, unchanged, rejected or parked. */
  void posts(String kind, String outcome, int count) {
    if (count > 0) {
      registry
          .counter("pulsegrid.collect.posts", "kind", kind, "outcome", outcome)
          .increment(count);
    }
  }

  /**
   * Counts a visit by how it ended: collected, not-modified, held, failed, gone, postponed or
   * overtaken.
   */
  void visit(String kind, String result, Duration took) {
    registry.timer("pulsegrid.collect.visits", "kind", kind, "result", result).record(took);
  }
}
