package io.pulsegrid.chaos.fault;

import io.pulsegrid.chaos.node.Shell;
import java.time.Duration;
import java.util.List;

/** {@code kill -9} of Postgres itself; the launcher starts it again. */
final class StoreDies implements Fault {
  private static final Duration TO_COME_BACK = Duration.ofMinutes(1);

  @Override
  public String name() {
    return "store-dies";
  }

  @Override
  public String story() {
    return "kill -9 of Postgres";
  }

  @Override
  public Duration length() {
    return Duration.ZERO;
  }

  @Override
  public void inject(Scene scene) throws Exception {
    long pid =
        scene
            .grid()
            .store()
            .process()
            .map(ProcessHandle::pid)
            .orElseThrow(() -> new IllegalStateException("no Postgres runs"));
    scene.story().accept("kills Postgres, process " + pid);
    Shell.signal("KILL", List.of(pid));
    scene.awaitEnd(pid);
  }

  /** Waits until the launcher has healed it. */
  @Override
  public void heal(Scene scene) throws Exception {
    scene.awaitStore(TO_COME_BACK);
    scene.story().accept("Postgres runs again");
  }
}
