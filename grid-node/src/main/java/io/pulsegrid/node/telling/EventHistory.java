package io.pulsegrid.node.telling;

import io.pulsegrid.core.telling.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** The events of the last ten minutes, within bounds of number and size. Not safe for threads. */
final class EventHistory {
  static final Duration HELD_FOR = Duration.ofMinutes(10);

  /** Two nodes may hear two events in two orders, this far apart at the most. */
  private static final Duration SKEW = Duration.ofSeconds(2);

  private static final long MOST_CHARACTERS = 32L * 1024 * 1024;

  private final int most;
  private final ArrayDeque<Event> events = new ArrayDeque<>();
  private long characters;

  EventHistory(int most) {
    this.most = most;
  }

  void add(Event event, Instant now) {
    events.addLast(event);
    characters += characters(event);
    while (!events.isEmpty()
        && (events.size() > most
            || characters > MOST_CHARACTERS
            || events.getFirst().at().plus(HELD_FOR).isBefore(now))) {
      characters -= characters(events.removeFirst());
    }
  }

  /**
   * What followed an event; everything held when it is no longer known.
   *
   * @param exactly whether this order is the only one; otherwise the events shortly before are told
   *     again, since another node may have told them later
   */
  List<Event> after(String id, boolean exactly) {
    List<Event> all = new ArrayList<>(events);
    for (int i = all.size() - 1; i >= 0; i--) {
      if (all.get(i).id().equals(id)) {
        int from = i + 1;
        Instant overlap = all.get(i).at().minus(SKEW);
        while (!exactly && from > 0 && all.get(from - 1).at().isAfter(overlap)) {
          from--;
        }
        return all.subList(from, all.size());
      }
    }
    return all;
  }

  private static long characters(Event event) {
    return switch (event.subject()) {
      case Event.Subject.OfPost of -> of.post().content().wording().length() + 200L;
      case Event.Subject.OfTrend of -> of.trend().wording().summary().length() + 400L;
      case Event.Subject.OfDelivery _ -> 400L;
    };
  }
}
