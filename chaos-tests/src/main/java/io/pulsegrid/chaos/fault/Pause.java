package io.pulsegrid.chaos.fault;

import io.pulsegrid.chaos.node.Shell;
import java.time.Duration;
import java.util.List;

/** SIGSTOP of one node for longer than the others wait for it, then SIGCONT. */
final class Pause implements Fault {
  private final Duration length;
  private List<Long> paused = List.of();

  Pause(Duration length) {
    this.length = length;
  }

  @Override
  public String name() {
    return "pause-one";
  }

  @Override
  public String story() {
    return "SIGSTOP of one node for " + length.toSeconds() + " s";
  }

  @Override
  public Duration length() {
    return length;
  }

  @Override
  public void inject(Scene scene) throws Exception {
    int node = scene.anyNode();
    paused = List.of(scene.pid(node));
    scene.story().accept("pauses node " + node + ", process " + paused.getFirst());
    Shell.signal("STOP", paused);
  }

  @Override
  public void heal(Scene scene) throws Exception {
    Shell.signal("CONT", paused);
  }
}
