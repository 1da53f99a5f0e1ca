package io.pulsegrid.api.telling;

import io.pulsegrid.core.telling.Event;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One subscriber's stream: events wait here in order until the request's own thread has written
 * them. Whoever tells waits for the client once {@link #BEHIND} events are here; so a stream goes
 * as fast as its client reads and is never shortened.
 */
final class EventStream {
  static final int BEHIND = 1000;

  private static final String BEAT = ":\n\n";

  /** What waits to be written; without an event it is the end. */
  private record Waiting(@Nullable Event event) {}

  private final BlockingQueue<Waiting> waiting = new LinkedBlockingQueue<>(BEHIND);
  private final Predicate<Event> wanted;
  private final EventFrames frames;
  private volatile boolean ended;

  /** Asks once a heartbeat whether the caller may still listen. */
  private static final class Watch {
    private final Duration heartbeat;
    private final InstantSource clock;
    private final BooleanSupplier alive;
    private Instant checked;

    Watch(Duration heartbeat, InstantSource clock, BooleanSupplier alive) {
      this.heartbeat = heartbeat;
      this.clock = clock;
      this.alive = alive;
      checked = clock.instant();
    }

    boolean isOver() {
      Instant now = clock.instant();
      if (Duration.between(checked, now).compareTo(heartbeat) < 0) {
        return false;
      }
      checked = now;
      return !alive.getAsBoolean();
    }
  }

  EventStream(Predicate<Event> wanted, EventFrames frames) {
    this.wanted = wanted;
    this.frames = frames;
  }

  /** Takes an event in, as soon as the client has read enough of those before it. */
  void tell(Event event) {
    if (wanted.test(event)) {
      await(new Waiting(event));
    }
  }

  /** Ends the stream after everything told so far; waits like {@link #tell}. */
  void finish() {
    await(new Waiting(null));
  }

  /** Ends the stream after what is being written. */
  void end() {
    ended = true;
    // Makes room for whoever waits to tell, then wakes a writer that waits for something to write.
    waiting.clear();
    boolean woken = waiting.offer(new Waiting(null));
    assert woken || ended;
  }

  /**
   * Writes until the stream is ended or the client is gone.
   *
   * @param missed what comes before all that is told; of what is told as well, only here
   * @param alive whether the caller may still listen, asked once a heartbeat
   */
  void pump(
      OutputStream out,
      Iterator<Event> missed,
      Duration heartbeat,
      InstantSource clock,
      BooleanSupplier alive)
      throws IOException, InterruptedException {
    try {
      write(out, "retry: 2000\n\n");
      Watch watch = new Watch(heartbeat, clock, alive);
      Set<String> written = new HashSet<>();
      while (!ended && missed.hasNext()) {
        Event event = missed.next();
        written.add(event.id());
        write(out, frames.of(event));
        ended |= watch.isOver();
      }
      while (!ended) {
        @Nullable Waiting next = waiting.poll(heartbeat.toMillis(), TimeUnit.MILLISECONDS);
        if (next == null) {
          write(out, BEAT);
        } else if (next.event() == null) {
          return;
        } else if (!written.remove(next.event().id())) {
          write(out, frames.of(next.event()));
        }
        ended |= watch.isOver();
      }
    } finally {
      end();
    }
  }

  private void await(Waiting next) {
    try {
      if (!ended) {
        waiting.put(next);
      }
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      end();
    }
  }

  private static void write(OutputStream out, String frame) throws IOException {
    out.write(frame.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }
}
