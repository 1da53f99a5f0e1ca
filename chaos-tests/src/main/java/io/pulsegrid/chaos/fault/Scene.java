package io.pulsegrid.chaos.fault;

import io.pulsegrid.chaos.node.Clocks;
import io.pulsegrid.chaos.node.Disk;
import io.pulsegrid.chaos.node.Grid;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where faults happen.
 *
 * @param disk the data directory's own disk; null where there is none
 * @param clocks the nodes' settable clocks; null where there are none
 * @param chance decides who is struck; from the run's seed
 * @param story takes down what was done
 */
public record Scene(
    Grid grid,
    @Nullable Disk disk,
    @Nullable Clocks clocks,
    SplittableRandom chance,
    Consumer<String> story) {
  private static final Duration TO_COME_BACK = Duration.ofMinutes(4);
  private static final Duration TO_BE_NAMED = Duration.ofMinutes(1);

  int anyNode() {
    return chance.nextInt(grid.size());
  }

  /**
   * A node's process. Waits for one that is just being started again: a node that was stopped for
   * longer than the others wait answers for a moment as if nothing had been, and leaves then.
   */
  long pid(int node) throws IOException, InterruptedException {
    long giveUp = System.nanoTime() + TO_BE_NAMED.toNanos();
    while (true) {
      try {
        return grid.pid(node);
      } catch (IOException away) {
        if (System.nanoTime() > giveUp) {
          throw away;
        }
        Thread.sleep(200);
      }
    }
  }

  /** The processes of all nodes. */
  List<Long> pids() throws Exception {
    List<Long> pids = new ArrayList<>();
    for (int node = 0; node < grid.size(); node++) {
      pids.add(pid(node));
    }
    return pids;
  }

  /** Waits until a process has ended. */
  void awaitEnd(long pid) throws InterruptedException {
    ProcessHandle.of(pid).ifPresent(process -> process.onExit().join());
  }

  /**
   * Waits until Postgres takes connections again.
   *
   * @throws IllegalStateException when it does not
   */
  void awaitStore(Duration longest) throws InterruptedException {
    long giveUp = System.nanoTime() + longest.toNanos();
    while (!grid.store().answers()) {
      if (System.nanoTime() > giveUp) {
        throw new IllegalStateException("nobody starts Postgres again");
      }
      Thread.sleep(200);
    }
  }

  /** Whether every node says now that it is ready. */
  public boolean areAllReady() throws InterruptedException {
    for (int node = 0; node < grid.size(); node++) {
      if (!grid.isReady(node)) {
        return false;
      }
    }
    return true;
  }

  /** Waits until every node says that it is ready; false when one does not get there. */
  public boolean awaitAllReady() throws InterruptedException {
    long giveUp = System.nanoTime() + TO_COME_BACK.toNanos();
    for (int node = 0; node < grid.size(); node++) {
      while (!grid.isReady(node)) {
        if (System.nanoTime() > giveUp) {
          return false;
        }
        Thread.sleep(200);
      }
    }
    return true;
  }
}
