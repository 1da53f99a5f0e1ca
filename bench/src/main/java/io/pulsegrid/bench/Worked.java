package io.pulsegrid.bench;

import java.time.Duration;
import java.util.List;

/** What some processes have worked since a moment. */
final class Worked {
  private final List<ProcessHandle> processes;
  private final Duration before;

  private Worked(List<ProcessHandle> processes) {
    this.processes = List.copyOf(processes);
    this.before = total();
  }

  static Worked by(List<ProcessHandle> processes) {
    return new Worked(processes);
  }

  /** In seconds of one processor. */
  double seconds() {
    return total().minus(before).toMillis() / 1_000.0;
  }

  private Duration total() {
    return processes.stream()
        .map(process -> process.info().totalCpuDuration().orElse(Duration.ZERO))
        .reduce(Duration.ZERO, Duration::plus);
  }
}
