package io.pulsegrid.chaos.fault;

import java.time.Duration;
import java.util.Optional;

/**
 * One node's wall clock is far ahead and set right, and soon after another node dies: whatever the
 * first had begun to wait for by that clock must not keep the grid from going on without the other.
 */
final class ClockBack implements Fault {
  private static final Duration TO_NOTICE = Duration.ofSeconds(10);

  private final ClockOff ahead;

  ClockBack(ClockOff ahead) {
    this.ahead = ahead;
  }

  @Override
  public String name() {
    return "clock-back";
  }

  @Override
  public String story() {
    return ahead.story() + ", then kill -9 of another";
  }

  @Override
  public Duration length() {
    return Duration.ZERO;
  }

  @Override
  public Bounds bounds() {
    return Bounds.OTHERS_GO_ON;
  }

  @Override
  public Optional<String> obstacle() throws Exception {
    return ahead.obstacle();
  }

  @Override
  public void inject(Scene scene) throws Exception {
    ahead.pass(scene);
    scene.story().accept("sets it right");
    Thread.sleep(TO_NOTICE);
    if (!scene.awaitAllReady()) {
      throw new IllegalStateException("not all nodes came back after their clock was set right");
    }
    Kill.kill(scene, (ahead.node() + 1) % scene.grid().size());
  }
}
