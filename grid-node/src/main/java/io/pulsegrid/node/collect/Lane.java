package io.pulsegrid.node.collect;

import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/**
 * The visits of one kind that may run at once. Those that wait enter by priority, then in the order
 * they came. A visit that takes longer than {@link #PATIENCE} gives its place to the next and goes
 * on beside it, up to {@link #SLOW_PER_PLACE} for each place: so a source that hangs until its
 * timeout delays the others by a second and no more.
 */
final class Lane {
  static final Duration PATIENCE = Duration.ofSeconds(1);
  static final int SLOW_PER_PLACE = 4;

  private final IntSupplier places;
  private final ScheduledExecutorService timer;
  // Guarded by this, as are the counts and the tickets' states.
  private final PriorityQueue<Ticket> waiting =
      new PriorityQueue<>(
          Comparator.comparingInt((Ticket ticket) -> -ticket.priority)
              .thenComparingLong(ticket -> ticket.number));
  private long nextNumber;
  private int prompt;
  private int slow;

  /**
   * @param places how many may run at once; asked each time, so that it may change
   * @param timer where places are given up in time
   */
  Lane(IntSupplier places, ScheduledExecutorService timer) {
    this.places = places;
    this.timer = timer;
  }

  /** Waits for a place; close the ticket when done. */
  Ticket enter(int priority) throws InterruptedException {
    Ticket ticket;
    synchronized (this) {
      ticket = new Ticket(priority, nextNumber++);
      waiting.add(ticket);
      admit();
    }
    try {
      ticket.admitted.get();
    } catch (InterruptedException interrupted) {
      ticket.close();
      throw interrupted;
    } catch (ExecutionException impossible) {
      throw new IllegalStateException("a ticket is only ever admitted", impossible);
    }
    ticket.impatience =
        timer.schedule(ticket::giveUpPlace, PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    return ticket;
  }

  synchronized int waiting() {
    return waiting.size();
  }

  synchronized int running() {
    return prompt + slow;
  }

  private void admit() {
    while (prompt < places.getAsInt() && !waiting.isEmpty()) {
      prompt++;
      Ticket next = waiting.remove();
      next.state = State.PROMPT;
      next.admitted.complete(null);
    }
  }

  private enum State {
    WAITING,
    PROMPT,
    SLOW,
    DONE
  }

  /** A place in the lane, or the wait for one. */
  final class Ticket implements AutoCloseable {
    private final int priority;
    private final long number;
    private final CompletableFuture<Void> admitted = new CompletableFuture<>();
    private State state = State.WAITING;
    private Future<?> impatience = CompletableFuture.completedFuture(null);

    private Ticket(int priority, long number) {
      this.priority = priority;
      this.number = number;
    }

    private void giveUpPlace() {
      synchronized (Lane.this) {
        if (state == State.PROMPT && slow < places.getAsInt() * SLOW_PER_PLACE) {
          state = State.SLOW;
          prompt--;
          slow++;
          admit();
        }
      }
    }

    @Override
    public void close() {
      impatience.cancel(false);
      synchronized (Lane.this) {
        switch (state) {
          case WAITING -> waiting.remove(this);
          case PROMPT -> prompt--;
          case SLOW -> slow--;
          case DONE -> {}
        }
        state = State.DONE;
        admit();
      }
    }
  }
}
