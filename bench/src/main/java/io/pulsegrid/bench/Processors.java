package io.pulsegrid.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** How busy this machine's processors are, all processes counted. */
final class Processors {
  private final OperatingSystemMXBean system =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  private long sinceNanos;

  Processors() {
    begin();
  }

  /** Begins a span anew. */
  void begin() {
    // The system answers for the time since it was asked last.
    double _ = system.getCpuLoad();
    sinceNanos = System.nanoTime();
  }

  /** The share of all processors that was in use since the span began, 0 to 1; ends the span. */
  double used() {
    return Math.max(0, system.getCpuLoad());
  }

  /** The seconds that one processor would have worked since the span began; ends the span. */
  double seconds() {
    double span = (System.nanoTime() - sinceNanos) / 1e9;
    return used() * system.getAvailableProcessors() * span;
  }
}
