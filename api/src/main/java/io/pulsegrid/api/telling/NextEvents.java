package io.pulsegrid.api.telling;

import io.pulsegrid.core.telling.Event;
import io.pulsegrid.core.telling.EventKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The events of one call: those that are there at once, or else the first that come while it waits.
 * Told by one thread, awaited by another.
 */
final class NextEvents {
  static final int MOST = 500;

  /** What is held is told from another thread: it gets a moment to begin. */
  private static final long FIRST_LOOK_MILLIS = 5;

  private final Set<EventKind> kinds;
  private final @Nullable Instant since;

  // Guarded by this.
  private final List<Event> told = new ArrayList<>();
  private boolean full;
  private boolean ended;

  /**
   * @param since what happened before is not wanted; null where all is
   */
  NextEvents(Set<EventKind> kinds, @Nullable Instant since) {
    this.kinds = kinds;
    this.since = since;
  }

  synchronized void tell(Event event) {
    if (full
        || !kinds.contains(EventKind.of(event.subject()))
        || (since != null && event.at().isBefore(since))) {
      return;
    }
    told.add(event);
    // The rest is told to the next call, which names the last of these.
    full = told.size() == MOST;
    notifyAll();
  }

  synchronized void end() {
    ended = true;
    notifyAll();
  }

  /**
   * What was told, once there is something or the time is over.
   *
   * @param waiting a place in it is needed to wait for longer than a moment
   */
  List<Event> await(long millis, Semaphore waiting) throws InterruptedException {
    List<Event> first = first(FIRST_LOOK_MILLIS);
    if (!first.isEmpty() || millis == 0 || !waiting.tryAcquire()) {
      return first;
    }
    try {
      return first(millis);
    } finally {
      waiting.release();
    }
  }

  private synchronized List<Event> first(long millis) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    for (long left = end - System.nanoTime();
        told.isEmpty() && !ended && left > 0;
        left = end - System.nanoTime()) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    return List.copyOf(told);
  }
}
