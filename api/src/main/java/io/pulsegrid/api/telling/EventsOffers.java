package io.pulsegrid.api.telling;

import com.fasterxml.jackson.annotation.JsonRawValue;
import io.pulsegrid.api.call.Calls;
import io.pulsegrid.api.call.Offer;
import io.pulsegrid.api.call.Offers;
import io.pulsegrid.api.web.Fields;
import io.pulsegrid.core.access.Caller;
import io.pulsegrid.core.telling.Event;
import io.pulsegrid.core.telling.EventKind;
import io.pulsegrid.core.telling.Events;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Events for programs, which ask for the next ones again and again, at any node. */
@Component
final class EventsOffers implements Offers {
  private static final long LONGEST_WAIT_MILLIS = 10_000;

  /** How many calls may wait at once: each holds a thread of those that answer programs. */
  private static final int MOST_WAITING = 32;

  private final Events events;
  private final EventBody body;
  private final InstantSource clock;
  private final Semaphore waiting = new Semaphore(MOST_WAITING);

  EventsOffers(Events events, EventBody body, InstantSource clock) {
    this.events = events;
    this.body = body;
    this.clock = clock;
  }

  /** Says which contract a node speaks, to whoever has a key. */
  record Greeting() {}

  record Greeted(String contract) {}

  /**
   * What is wanted.
   *
   * @param after the id of the last event seen; null before the first
   * @param since where there is none yet: from when on; null starts now
   * @param types as REST takes them; null for all
   * @param patienceMillis how many milliseconds the caller waits for the first of them
   */
  record Asked(
      @Nullable String after,
      @Nullable String since,
      @Nullable List<String> types,
      @Nullable Long patienceMillis) {}

  /**
   * What happened.
   *
   * @param now what to ask {@code since} next, as long as no event was seen
   */
  record Told(Instant now, List<Happened> events) {}

  record Happened(String id, String type, Instant at, @JsonRawValue String data) {}

  @Override
  public List<Offer<?>> offers() {
    return List.of(
        Offer.reading("hello", Greeting.class, (_, _) -> new Greeted(Calls.CONTRACT)),
        Offer.reading("events.next", Asked.class, this::next));
  }

  private Told next(Caller caller, Asked asked) {
    Fields fields = new Fields();
    Instant since = fields.instant("since", asked.since());
    Set<EventKind> kinds = EnumSet.noneOf(EventKind.class);
    for (String type : asked.types() == null ? List.<String>of() : asked.types()) {
      EventKind kind =
          fields.read("types", type, EventKind::read, "some of post, trend, delivery, alert");
      if (kind != null) {
        kinds.add(kind);
      }
    }
    fields.settle();
    // Taken before the first look: what happens in between is told by the next call.
    Instant now = clock.instant();
    if (asked.after() == null && since == null) {
      return new Told(now, List.of());
    }
    NextEvents next =
        new NextEvents(
            kinds.isEmpty() ? EnumSet.allOf(EventKind.class) : kinds,
            asked.after() == null ? since : null);
    // One that is not known starts with the oldest held.
    String from = asked.after() == null ? "" : asked.after();
    try (var _ = events.subscribe(caller.workspace(), from, next::tell, next::end)) {
      return new Told(now, next.await(waitOf(asked), waiting).stream().map(this::told).toList());
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      return new Told(now, List.of());
    }
  }

  private static long waitOf(Asked asked) {
    Long wait = asked.patienceMillis();
    return wait == null ? 0 : Math.clamp(wait, 0, LONGEST_WAIT_MILLIS);
  }

  private Happened told(Event event) {
    return new Happened(
        event.id(), EventKind.of(event.subject()).label(), event.at(), body.of(event.subject()));
  }
}
