package io.pulsegrid.chaos.fault;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** Several faults on one grid, each healed before the next, judged together. */
final class InTurn implements Fault {
  private final String name;
  private final List<Fault> faults;

  InTurn(String name, List<Fault> faults) {
    this.name = name;
    this.faults = List.copyOf(faults);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String story() {
    return faults.stream().map(Fault::story).collect(Collectors.joining("; "));
  }

  @Override
  public Duration length() {
    return Duration.ZERO;
  }

  @Override
  public Bounds bounds() {
    return Bounds.NONE;
  }

  @Override
  public void inject(Scene scene) throws Exception {
    for (Fault fault : faults) {
      fault.pass(scene);
      if (!scene.awaitAllReady()) {
        throw new IllegalStateException("not all nodes came back after " + fault.name());
      }
    }
  }
}
