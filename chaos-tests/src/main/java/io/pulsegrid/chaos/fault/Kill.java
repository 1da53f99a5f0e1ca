package io.pulsegrid.chaos.fault;

import io.pulsegrid.chaos.node.Shell;
import java.time.Duration;
import java.util.List;

/** {@code kill -9} of nodes; their launcher starts them again. */
final class Kill implements Fault {
  /** Whom it strikes. */
  enum Whom {
    ONE("kill-one", "kill -9 of one node"),
    EACH("kill-each", "kill -9 of each node in turn, the next once the last is back"),
    ALL("kill-all", "kill -9 of all nodes at once");

    private final String label;
    private final String story;

    Whom(String label, String story) {
      this.label = label;
      this.story = story;
    }
  }

  private final Whom whom;

  Kill(Whom whom) {
    this.whom = whom;
  }

  @Override
  public String name() {
    return whom.label;
  }

  @Override
  public String story() {
    return whom.story;
  }

  @Override
  public Duration length() {
    return Duration.ZERO;
  }

  @Override
  public Bounds bounds() {
    return whom == Whom.ALL ? Bounds.ALL_AWAY : Bounds.OTHERS_GO_ON;
  }

  @Override
  public void inject(Scene scene) throws Exception {
    switch (whom) {
      case ONE -> kill(scene, scene.anyNode());
      case ALL -> {
        List<Long> pids = scene.pids();
        scene.story().accept("kills " + pids);
        Shell.signal("KILL", pids);
        for (long pid : pids) {
          scene.awaitEnd(pid);
        }
      }
      case EACH -> {
        for (int node = 0; node < scene.grid().size(); node++) {
          kill(scene, node);
          if (node < scene.grid().size() - 1 && !scene.awaitAllReady()) {
            scene.story().accept("node " + node + " is not back; the next is killed regardless");
          }
        }
      }
    }
  }

  static void kill(Scene scene, int node) throws Exception {
    long pid = scene.pid(node);
    scene.story().accept("kills node " + node + ", process " + pid);
    Shell.signal("KILL", List.of(pid));
    scene.awaitEnd(pid);
  }
}
