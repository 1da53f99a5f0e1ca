package io.pulsegrid.node.telling;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.telling.Event;
import io.pulsegrid.core.telling.Events;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One who listens: a queue of its own, emptied by one thread at a time, as fast as it takes events.
 */
final class Listener implements Events.Subscription {
  private static final Logger log = LoggerFactory.getLogger(Listener.class);
  private static final int MOST_BEHIND = 10_000;

  private final WorkspaceId workspace;
  private final Consumer<Event> consumer;
  private final Runnable closedByUs;
  private final Executor tellers;
  private final Consumer<Listener> leave;

  // All guarded by this.
  private final Deque<Event> queue = new ArrayDeque<>();
  private int allowance = MOST_BEHIND;
  private boolean telling;
  private boolean tooSlow;
  private boolean closed;

  Listener(
      WorkspaceId workspace,
      Consumer<Event> consumer,
      Runnable closedByUs,
      Executor tellers,
      Consumer<Listener> leave) {
    this.workspace = workspace;
    this.consumer = consumer;
    this.closedByUs = closedByUs;
    this.tellers = tellers;
    this.leave = leave;
  }

  /** Queues what was missed, however much it is. */
  synchronized void begin(List<Event> missed) {
    queue.addAll(missed);
    allowance = MOST_BEHIND + missed.size();
    tellSoon();
  }

  synchronized void offer(Event event) {
    if (closed || tooSlow || !event.workspace().equals(workspace)) {
      return;
    }
    if (queue.size() >= allowance) {
      // It still hears what waits, so that it comes back with a later id than it came with.
      tooSlow = true;
      leave.accept(this);
      return;
    }
    queue.addLast(event);
    tellSoon();
  }

  @Override
  public synchronized void close() {
    closed = true;
    queue.clear();
    leave.accept(this);
  }

  private void tellSoon() {
    if (!telling && !queue.isEmpty()) {
      telling = true;
      tellers.execute(this::tell);
    }
  }

  private void tell() {
    for (Event next = next(); next != null; next = next()) {
      try {
        consumer.accept(next);
      } catch (RuntimeException e) {
        log.debug("a listener failed and is closed", e);
        close();
        closedByUs.run();
        return;
      }
    }
    if (letGo()) {
      closedByUs.run();
    }
  }

  private synchronized boolean letGo() {
    boolean now = tooSlow && !closed;
    closed |= now;
    return now;
  }

  private synchronized @Nullable Event next() {
    Event next = closed ? null : queue.pollFirst();
    if (next == null) {
      telling = false;
    }
    return next;
  }
}
