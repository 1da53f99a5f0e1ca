package io.pulsegrid.api.telling;

import io.pulsegrid.api.posts.PostView;
import io.pulsegrid.api.publishing.DeliveryView;
import io.pulsegrid.api.trends.TrendView;
import io.pulsegrid.core.telling.Event;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * One subscriber's stream: events wait here in order until the request's own thread has written
 * them. One that falls {@link #BEHIND} events behind is ended rather than shortened: the client
 * comes back with the last id it saw and misses nothing.
 */
final class EventStream {
  static final int BEHIND = 1000;

  private static final String BEAT = ":\n\n";

  /** What waits to be written; without an event it only wakes the writer. */
  private record Waiting(@Nullable Event event) {}

  private final BlockingQueue<Waiting> waiting = new LinkedBlockingQueue<>(BEHIND);
  private final Set<EventKind> kinds;
  private final JsonMapper json;
  private volatile boolean ended;

  EventStream(Set<EventKind> kinds, JsonMapper json) {
    this.kinds = kinds;
    this.json = json;
  }

  /** Takes an event in without waiting. */
  void tell(Event event) {
    if (kinds.contains(EventKind.of(event.subject())) && !waiting.offer(new Waiting(event))) {
      end();
    }
  }

  /** Ends the stream after what is being written. */
  void end() {
    ended = true;
    // Wakes a writer that waits; a full queue has none.
    boolean woken = waiting.offer(new Waiting(null));
    assert woken || ended;
  }

  /**
   * Writes until the stream is ended or the client is gone.
   *
   * @param alive whether the caller may still listen, asked once a heartbeat
   */
  void pump(OutputStream out, Duration heartbeat, InstantSource clock, BooleanSupplier alive)
      throws IOException, InterruptedException {
    write(out, "retry: 2000\n\n");
    Instant checked = clock.instant();
    while (!ended) {
      @Nullable Waiting next = waiting.poll(heartbeat.toMillis(), TimeUnit.MILLISECONDS);
      if (next == null) {
        write(out, BEAT);
      } else if (next.event() != null) {
        write(out, frame(next.event()));
      }
      Instant now = clock.instant();
      if (Duration.between(checked, now).compareTo(heartbeat) >= 0) {
        checked = now;
        ended |= !alive.getAsBoolean();
      }
    }
  }

  private String frame(Event event) {
    Object resource =
        switch (event.subject()) {
          case Event.Subject.OfPost post -> PostView.of(post.post());
          case Event.Subject.OfTrend trend -> TrendView.of(trend.trend());
          case Event.Subject.OfDelivery delivery -> DeliveryView.of(delivery.delivery());
        };
    return "id: "
        + event.id()
        + "\nevent: "
        + EventKind.of(event.subject()).label()
        + "\ndata: "
        + json.writeValueAsString(resource)
        + "\n\n";
  }

  private static void write(OutputStream out, String frame) throws IOException {
    out.write(frame.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }
}
