package io.pulsegrid.core.publish;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** How many calls each platform takes at once from a node. Safe for many threads. */
public interface Workers {
  /** Every platform that can be published on, by name. */
  List<Worker> list();

  /**
   * Changes how many calls to a platform may run at once on each node; every node knows of it
   * within seconds. Calls that run are not cut off.
   *
   * @param concurrency null for what the settings say
   * @throws io.pulsegrid.core.failure.PulsegridException {@code INVALID}, naming the field
   */
  Worker change(String platform, @Nullable Integer concurrency);

  /**
   * The calls of one platform.
   *
   * @param concurrency how many may run at once on each node
   * @param configured what the settings say
   * @param running how many run now, on all nodes
   */
  record Worker(String platform, int concurrency, int configured, long running) {}
}
