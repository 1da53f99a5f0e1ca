package io.pulsegrid.client;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A listener's place in the stream of events. It asks the grid for the next ones again and again,
 * at whichever node answers, so that it goes on where one is lost; the grid holds ten minutes. The
 * listener is called by one thread, in order; while it works nothing is asked, so it is never told
 * faster than it listens.
 */
public final class Subscription implements AutoCloseable {
  private static final Duration IDLE = Duration.ofMillis(250);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

  /** The minor version of the contract that brought waiting. */
  private static final int WAITING = 1;

  private static final int REMEMBERED = 4_096;

  private final Calling calling;
  private final List<String> types;
  private final Consumer<Event> listener;
  private final boolean waits;
  private final CompletableFuture<Void> end = new CompletableFuture<>();
  private volatile boolean closed;
  private volatile @Nullable String last;

  // Near a break, and where two nodes heard events in two orders, some are told twice.
  private final Map<String, Boolean> seen =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
          return size() > REMEMBERED;
        }
      };

  Subscription(
      Calling calling,
      Envelope.Contract grid,
      Set<String> types,
      @Nullable String after,
      Consumer<Event> listener) {
    this.calling = calling;
    this.types = types.stream().sorted().toList();
    this.listener = listener;
    this.waits = grid.has(WAITING);
    this.last = after;
  }

  private record Asked(
      @Nullable String after,
      @Nullable Instant since,
      List<String> types,
      @Nullable Long patienceMillis) {}

  private record Told(Instant now, List<Event> events) {}

  /** Where it stands before it begins to listen: what happens from here on is told. */
  @Nullable Instant begin() {
    return last == null ? ask(null).now() : null;
  }

  /** Listens until it is closed, or may not listen any more. */
  void run(@Nullable Instant from) {
    @Nullable Instant since = from;
    try {
      while (!closed) {
        Told told = ask(since);
        boolean news = false;
        for (Event event : told.events()) {
          if (!closed && seen.put(event.id(), true) == null) {
            news = true;
            listener.accept(event);
          }
          last = event.id();
        }
        if (!news && (!waits || !told.events().isEmpty())) {
          calling.pause(IDLE);
        }
      }
      end.complete(null);
    } catch (RuntimeException ended) {
      if (closed) {
        end.complete(null);
      } else {
        end.completeExceptionally(ended);
      }
    }
  }

  private Told ask(@Nullable Instant since) {
    while (true) {
      String after = last;
      var asked =
          new Asked(after, after == null ? since : null, types, waits ? waitMillis() : null);
      try {
        return Envelope.JSON.readValue(
            calling.ask("events.next", Envelope.JSON.writeValueAsBytes(asked), null), Told.class);
      } catch (PulsegridException notNow) {
        if (closed || !notNow.mayPass()) {
          throw notNow;
        }
        calling.pause(IDLE);
      }
    }
  }

  /**
   * Shorter than what an attempt waits, or a node with nothing to tell would pass for a dead one.
   */
  private long waitMillis() {
    return Math.min(LONGEST_WAIT.toMillis(), calling.attempt().toMillis() / 2);
  }

  /** The id of the last event told, to go on from after a restart; null before the first. */
  public @Nullable String last() {
    return last;
  }

  /** Done when the subscription has ended; exceptionally where it was not closed. */
  public CompletableFuture<Void> ended() {
    return end.copy();
  }

  /** Ends it after the event that is being told; does not wait for that. */
  @Override
  public void close() {
    closed = true;
  }
}
