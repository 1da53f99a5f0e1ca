package io.pulsegrid.chaos.judge;

import io.pulsegrid.chaos.fault.Meanwhile;
import io.pulsegrid.chaos.node.Grid;
import io.pulsegrid.chaos.node.Shell;
import java.io.IOException;
import java.time.Duration;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** Watches how much memory each node holds resident, in MB. */
public final class MemoryWatch implements AutoCloseable {
  private static final Duration EVERY = Duration.ofSeconds(2);
  private static final long KB_A_MB = 1_024;

  private final ConcurrentHashMap<Integer, Long> most = new ConcurrentHashMap<>();
  private final Meanwhile watching;

  public MemoryWatch(Grid grid) {
    watching =
        new Meanwhile(
            "memory-watch",
            EVERY,
            () -> {
              for (int node = 0; node < grid.size(); node++) {
                look(grid, node);
              }
            });
  }

  private void look(Grid grid, int node) throws InterruptedException {
    try {
      String kb = Shell.run("ps", "-o", "rss=", "-p", String.valueOf(grid.pid(node)));
      most.merge(node, Long.parseLong(kb.strip()) / KB_A_MB, Math::max);
    } catch (IOException e) {
      // It is away just now; the others are looked at all the same.
    }
  }

  /** The most that was seen of each node, whichever process it was. */
  public SortedMap<Integer, Long> mostMegabytes() {
    return new TreeMap<>(most);
  }

  @Override
  public void close() {
    try {
      watching.stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
