package io.pulsegrid.node.grid;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way out of a node that must not go on: its work stops at once, calls that it has made are let
 * end and are written down, then the process exits with a documented code. Nothing here needs the
 * grid, which may be what failed. A crash on the way leaves leases that run out.
 */
public final class Departure {
  private static final Logger log = LoggerFactory.getLogger(Departure.class);

  /** The longest call of a platform and its lease are shorter in any sane configuration. */
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private final ThreadFactory threads;
  private final IntConsumer exit;
  private final AtomicBoolean begun = new AtomicBoolean();
  private final List<Runnable> stops = new CopyOnWriteArrayList<>();
  private final List<Runnable> endings = new CopyOnWriteArrayList<>();

  /**
   * A way out that nobody has taken.
   *
   * @param exit what ends the process
   */
  public Departure(ThreadFactory threads, IntConsumer exit) {
    this.threads = threads;
    this.exit = exit;
  }

  /** Adds work that is stopped at once; {@code stop} answers quickly, from any thread. */
  public void stopsFirst(Runnable stop) {
    stops.add(stop);
  }

  /** Adds something to wait for before the process exits. */
  public void waitsFor(Runnable ending) {
    endings.add(ending);
  }

  /** Whether this node is on its way out; it should answer nobody any more. */
  public boolean begun() {
    return begun.get();
  }

  /** Leaves; the first reason counts. Answers at once. */
  public void leave(ExitCode code, String why) {
    if (!begun.compareAndSet(false, true)) {
      return;
    }
    log.error(
        "{}; this node stops its work and exits with {} to be started again: what was acknowledged"
            + " is in Postgres",
        why,
        code.number());
    stops.forEach(Departure::quietly);
    threads.newThread(() -> end(code)).start();
  }

  private void end(ExitCode code) {
    Thread ending = threads.newThread(() -> endings.forEach(Departure::quietly));
    try {
      ending.start();
      if (!ending.join(LIMIT)) {
        log.warn("Calls did not end within {}; they are swept when their leases run out", LIMIT);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      exit.accept(code.number());
    }
  }

  private static void quietly(Runnable act) {
    try {
      act.run();
    } catch (RuntimeException e) {
      // The others must still be told, and the process must still end.
      log.warn("Something would not stop on the way out", e);
    }
  }
}
