package io.pulsegrid.node.collect;

import java.time.Duration;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/**
 * The visits of one kind that may run at once. Those that wait enter by priority, then in the order
 * they came. A visit that takes longer than {@link #PATIENCE} gives its place to the next and goes
 * on beside it. A source that failed after so long waits from then on among its like, for {@link
 * #SUSPECTS_PER_PLACE} places each, until a visit to it ends well: so one that hangs until its
 * timeout delays the others once, by a second.
 */
final class Lane {
  static final Duration PATIENCE = Duration.ofSeconds(1);
  static final int SUSPECTS_PER_PLACE = 4;
  private static final int MOST_SUSPECTS = 10_000;

  private final IntSupplier places;
  private final ScheduledExecutorService timer;
  // Guarded by this, as are the counts, the suspects and the tickets' states.
  private final PriorityQueue<Ticket> waiting = line();
  private final PriorityQueue<Ticket> suspectsWaiting = line();
  // Forgets the one that failed the longest ago, which then costs another second.
  private final Set<String> suspects =
      Collections.newSetFromMap(
          new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
              return size() > MOST_SUSPECTS;
            }
          });
  private long nextNumber;
  private int prompt;
  private int slow;
  private int suspected;

  /**
   * @param places how many may run at once; asked each time, so that it may change
   * @param timer where places are given up in time
   */
  Lane(IntSupplier places, ScheduledExecutorService timer) {
    this.places = places;
    this.timer = timer;
  }

  private static PriorityQueue<Ticket> line() {
    return new PriorityQueue<>(
        Comparator.comparingInt((Ticket ticket) -> -ticket.priority)
            .thenComparingLong(ticket -> ticket.number));
  }

  /** Waits for a place; close the ticket when done. */
  Ticket enter(String sourceId, int priority) throws InterruptedException {
    Ticket ticket;
    synchronized (this) {
      ticket = new Ticket(sourceId, priority, nextNumber++);
      (suspects.contains(sourceId) ? suspectsWaiting : waiting).add(ticket);
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
    return waiting.size() + suspectsWaiting.size();
  }

  synchronized int running() {
    return prompt + slow + suspected;
  }

  private void admit() {
    while (prompt < places.getAsInt() && !waiting.isEmpty()) {
      prompt++;
      admit(waiting.remove(), State.PROMPT);
    }
    while (suspected < places.getAsInt() * SUSPECTS_PER_PLACE && !suspectsWaiting.isEmpty()) {
      suspected++;
      admit(suspectsWaiting.remove(), State.SUSPECTED);
    }
  }

  private static void admit(Ticket ticket, State state) {
    ticket.state = state;
    ticket.admitted.complete(null);
  }

  private enum State {
    WAITING,
    PROMPT,
    SLOW,
    SUSPECTED,
    DONE
  }

  /** A place in the lane, or the wait for one. */
  final class Ticket implements AutoCloseable {
    private final String sourceId;
    private final int priority;
    private final long number;
    private final CompletableFuture<Void> admitted = new CompletableFuture<>();
    private State state = State.WAITING;
    private Future<?> impatience = CompletableFuture.completedFuture(null);

    private Ticket(String sourceId, int priority, long number) {
      this.sourceId = sourceId;
      this.priority = priority;
      this.number = number;
    }

    private void giveUpPlace() {
      synchronized (Lane.this) {
        if (state == State.PROMPT) {
          state = State.SLOW;
          prompt--;
          slow++;
          admit();
        }
      }
    }

    /** The source's visit came to an end, good or bad. */
    void ended(boolean failed) {
      synchronized (Lane.this) {
        if (!failed) {
          suspects.remove(sourceId);
        } else if (state == State.SLOW) {
          suspects.add(sourceId);
        }
      }
    }

    @Override
    public void close() {
      impatience.cancel(false);
      synchronized (Lane.this) {
        switch (state) {
          case WAITING -> {
            waiting.remove(this);
            suspectsWaiting.remove(this);
          }
          case PROMPT -> prompt--;
          case SLOW -> slow--;
          case SUSPECTED -> suspected--;
          case DONE -> {}
        }
        state = State.DONE;
        admit();
      }
    }
  }
}
