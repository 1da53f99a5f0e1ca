package io.pulsegrid.chaos.fault;

import io.pulsegrid.chaos.node.Clocks;
import java.time.Duration;
import java.util.Optional;

/** One node's wall clock jumps ahead, and back after a while. */
final class ClockOff implements Fault {
  private final Duration length;
  private final Duration off;
  private int node;
  private long pid;

  ClockOff(Duration length, Duration off) {
    this.length = length;
    this.off = off;
  }

  @Override
  public String name() {
    return "clock-off";
  }

  @Override
  public String story() {
    return "one node's clock %d s ahead for %d s".formatted(off.toSeconds(), length.toSeconds());
  }

  @Override
  public Duration length() {
    return length;
  }

  @Override
  public Optional<String> obstacle() throws Exception {
    return Clocks.obstacle();
  }

  @Override
  public void inject(Scene scene) throws Exception {
    node = scene.anyNode();
    pid = scene.pid(node);
    scene.story().accept("sets the clock of node " + node + ", process " + pid);
    clocks(scene).set(pid, off.toSeconds());
  }

  @Override
  public void heal(Scene scene) throws Exception {
    clocks(scene).reset(pid);
  }

  /** The node that it struck. */
  int node() {
    return node;
  }

  private static Clocks clocks(Scene scene) {
    Clocks clocks = scene.clocks();
    if (clocks == null) {
      throw new IllegalStateException("the nodes' clocks cannot be set");
    }
    return clocks;
  }
}
