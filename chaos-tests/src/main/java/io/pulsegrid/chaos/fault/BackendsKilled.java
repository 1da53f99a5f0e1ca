package io.pulsegrid.chaos.fault;

import io.pulsegrid.chaos.node.Store;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Every connection of the nodes is ended by Postgres, again and again. */
final class BackendsKilled implements Fault {
  private static final Duration EVERY = Duration.ofMillis(700);

  static final String END_OTHERS =
      "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
          + " WHERE backend_type = 'client backend' AND application_name <> '"
          + Store.OBSERVER
          + "' AND pid <> pg_backend_pid()";

  private final Duration length;
  private @Nullable Meanwhile loop;

  BackendsKilled(Duration length) {
    this.length = length;
  }

  @Override
  public String name() {
    return "backends-killed";
  }

  @Override
  public String story() {
    return "pg_terminate_backend of every connection of the nodes, each 0.7 s for "
        + length.toSeconds()
        + " s";
  }

  @Override
  public Duration length() {
    return length;
  }

  @Override
  public void inject(Scene scene) {
    scene.story().accept("ends connections");
    loop = new Meanwhile("backends", EVERY, () -> scene.grid().store().execute(END_OTHERS));
  }

  @Override
  public void heal(Scene scene) throws Exception {
    Meanwhile running = loop;
    if (running != null) {
      running.stop();
    }
  }
}
