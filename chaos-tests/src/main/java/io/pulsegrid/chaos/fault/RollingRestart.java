package io.pulsegrid.chaos.fault;

import io.pulsegrid.chaos.node.Shell;
import java.time.Duration;
import java.util.List;

/** No fault at all: each node is asked to stop, and starts again, as for a new version. */
final class RollingRestart implements Fault {
  @Override
  public String name() {
    return "rolling-restart";
  }

  @Override
  public String story() {
    return "SIGTERM to each node in turn, the next once the last is back";
  }

  @Override
  public Duration length() {
    return Duration.ZERO;
  }

  @Override
  public boolean isPlanned() {
    return true;
  }

  @Override
  public void inject(Scene scene) throws Exception {
    for (int node = 0; node < scene.grid().size(); node++) {
      long pid = scene.pid(node);
      scene.story().accept("asks node " + node + ", process " + pid + ", to stop");
      Shell.signal("TERM", List.of(pid));
      scene.awaitEnd(pid);
      if (!scene.awaitAllReady()) {
        scene.story().accept("node " + node + " is not back");
        return;
      }
    }
  }
}
