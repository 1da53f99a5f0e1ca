package io.pulsegrid.node.publish;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread that takes a turn, waits as long as the turn says or until it is woken, and again. It
 * rests after each turn, woken or not, about as long as the turn took: what comes in meanwhile is
 * done in one, and the busier the machine the more goes into one turn.
 */
public final class Loop {
  private static final Logger log = LoggerFactory.getLogger(Loop.class);
  private static final Duration AFTER_A_FAILURE = Duration.ofSeconds(1);

  /** One round of work. */
  public interface Turn {
    /** How long to wait before the next turn; zero or less for not at all. */
    Duration take();
  }

  private final String name;
  private final Rest rest;
  private final Turn turn;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  @GuardedBy("lock")
  private boolean woken;

  @GuardedBy("lock")
  private boolean stopping;

  private @Nullable Thread thread;

  /** The least and the most time between two turns, however long they take. */
  public record Rest(Duration least, Duration most) {
    private static final Rest NONE = new Rest(Duration.ZERO, Duration.ZERO);

    private long nanosAfter(long turnNanos) {
      return Math.clamp(turnNanos, least.toNanos(), most.toNanos());
    }
  }

  /** One that does not rest. */
  public Loop(String name, Turn turn) {
    this(name, Rest.NONE, turn);
  }

  public Loop(String name, Rest rest, Turn turn) {
    this.name = name;
    this.rest = rest;
    this.turn = turn;
  }

  public void start(ThreadFactory threads) {
    Thread started = threads.newThread(this::run);
    started.setName("publish-" + name);
    thread = started;
    started.start();
  }

  public void wake() {
    lock.lock();
    try {
      if (!woken) {
        woken = true;
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Lets the turn under way come to its end and takes no other; waits for it. */
  public void stop(Duration patience) {
    lock.lock();
    try {
      stopping = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    Thread running = thread;
    if (running == null) {
      return;
    }
    try {
      if (!running.join(patience)) {
        log.warn("{} is still in its turn after {}; it ends with the process", name, patience);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    Duration pause = Duration.ZERO;
    long took = 0;
    while (goesOnAfter(pause, rest.nanosAfter(took))) {
      long begun = System.nanoTime();
      try {
        pause = turn.take();
      } catch (RuntimeException e) {
        // The loop stays alive: what this turn left undone the next one finds again.
        log.warn("{} failed; it goes on in {}", name, AFTER_A_FAILURE, e);
        pause = AFTER_A_FAILURE;
      }
      took = System.nanoTime() - begun;
    }
  }

  private boolean goesOnAfter(Duration pause, long restNanos) {
    lock.lock();
    try {
      long resting = restNanos;
      while (!stopping && resting > 0) {
        resting = changed.awaitNanos(resting);
      }
      long left = pause.toNanos() - restNanos;
      while (!stopping && !woken && left > 0) {
        left = changed.awaitNanos(left);
      }
      woken = false;
      return !stopping;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }
}
