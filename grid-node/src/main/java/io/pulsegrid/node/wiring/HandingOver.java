package io.pulsegrid.node.wiring;

import io.pulsegrid.node.config.GridSettings;
import io.pulsegrid.node.grid.Handover;
import io.pulsegrid.node.grid.NodeDirectory;
import java.time.Duration;
import org.apache.ignite.Ignite;
import org.springframework.context.SmartLifecycle;

/**
 * Hands over what a stopping node holds: after the last request was answered, and while everything
 * that serves the other nodes still runs.
 */
final class HandingOver implements SmartLifecycle {
  /** The web server stops in the phases above, publishing below. */
  private static final int PHASE = SmartLifecycle.DEFAULT_PHASE - 3072;

  private static final Duration OF_ONE_THAT_COMES_BACK = Duration.ofSeconds(20);
  private static final Duration OF_ONE_THAT_STAYS_AWAY = Duration.ofMinutes(10);

  private final Handover handover;
  private final Ignite ignite;
  private final GridSettings settings;
  private final LauncherWatch launcher;
  private volatile boolean running;

  HandingOver(Handover handover, Ignite ignite, GridSettings settings, LauncherWatch launcher) {
    this.handover = handover;
    this.ignite = ignite;
    this.settings = settings;
    this.launcher = launcher;
  }

  @Override
  public void start() {
    running = true;
  }

  @Override
  public void stop() {
    running = false;
    // Without backups nothing can ever be elsewhere: Postgres has it all.
    if (settings.backups() > 0) {
      boolean drained = NodeDirectory.isDrained(ignite, ignite.cluster().localNode().id());
      boolean _ =
          handover.await(
              drained ? OF_ONE_THAT_STAYS_AWAY : OF_ONE_THAT_COMES_BACK, launcher::allStop);
    }
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public int getPhase() {
    return PHASE;
  }
}
