package io.pulsegrid.node.telling;

import io.pulsegrid.core.post.Content;
import io.pulsegrid.core.publish.Delivery;
import io.pulsegrid.core.telling.Event;
import io.pulsegrid.core.trend.Trend;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The events of the last ten minutes, within bounds of number and size. Not safe for threads. */
final class EventHistory {
  static final Duration HELD_FOR = Duration.ofMinutes(10);

  /** Two nodes may hear two events in two orders, this far apart at the most. */
  private static final Duration SKEW = Duration.ofSeconds(2);

  private static final long MOST_CHARACTERS = 32L * 1024 * 1024;

  /** What a small object takes, in characters. */
  private static final long A_SHORT_ONE = 32;

  private final int most;
  private final ArrayDeque<Event> events = new ArrayDeque<>();
  private final Set<String> ids = new HashSet<>();

  /**
   * When alerts came, by their ids, the earliest first: known for all of the time, however many
   * events there are, for they are looked for again.
   */
  private final Map<String, Instant> alerts = new LinkedHashMap<>();

  private long characters;

  EventHistory(int most) {
    this.most = most;
  }

  /**
   * Takes an event in.
   *
   * @return false for one that it holds already
   */
  boolean add(Event event, Instant now) {
    boolean isAlert = event.subject() instanceof Event.Subject.OfAlert;
    if ((isAlert && alerts.putIfAbsent(event.id(), now) != null) || !ids.add(event.id())) {
      return false;
    }
    events.addLast(event);
    characters += characters(event);
    forget(now);
    return true;
  }

  /** Takes in what others heard before this one began to listen; order is by their times. */
  void fill(List<Event> earlier, Instant now) {
    List<Event> all = new ArrayList<>(events);
    events.forEach(event -> characters -= characters(event));
    earlier.stream().filter(event -> ids.add(event.id())).forEach(all::add);
    earlier.stream()
        .filter(event -> event.subject() instanceof Event.Subject.OfAlert)
        .forEach(event -> alerts.putIfAbsent(event.id(), now));
    all.forEach(event -> characters += characters(event));
    // Of one moment in the order they came: those that ask are answered in several parts.
    all.sort(Comparator.comparing(Event::at));
    events.clear();
    events.addAll(all);
    forget(now);
  }

  List<Event> all() {
    return List.copyOf(events);
  }

  /** Whether an alert came in the last ten minutes. */
  boolean knowsAlert(String id) {
    return alerts.containsKey(id);
  }

  private void forget(Instant now) {
    Iterator<Instant> came = alerts.values().iterator();
    while (came.hasNext() && came.next().plus(HELD_FOR).isBefore(now)) {
      came.remove();
    }
    while (!events.isEmpty()
        && (events.size() > most
            || characters > MOST_CHARACTERS
            || events.getFirst().at().plus(HELD_FOR).isBefore(now))) {
      Event gone = events.removeFirst();
      ids.remove(gone.id());
      characters -= characters(gone);
    }
  }

  /**
   * What followed an event; everything held when it is no longer known.
   *
   * @param sharedUntil until when other nodes told events too: of that time and shortly after they
   *     may have told what is held here in another order, and what is near the event is told again
   */
  List<Event> after(String id, Instant sharedUntil) {
    List<Event> all = new ArrayList<>(events);
    for (int i = all.size() - 1; i >= 0; i--) {
      if (all.get(i).id().equals(id)) {
        int from = i + 1;
        Instant overlap = all.get(i).at().minus(SKEW);
        boolean shared = !overlap.isAfter(sharedUntil);
        while (shared && from > 0 && all.get(from - 1).at().isAfter(overlap)) {
          from--;
        }
        return all.subList(from, all.size());
      }
    }
    return all;
  }

  /** About how much an event holds: every text of any length, and something for the rest. */
  static long characters(Event event) {
    return switch (event.subject()) {
      case Event.Subject.OfPost of -> 200L + characters(of.post().content());
      case Event.Subject.OfTrend of -> 200L + characters(of.trend());
      case Event.Subject.OfDelivery of -> 400L + characters(of.delivery().result());
      case Event.Subject.OfAlert of ->
          400L + length(of.alert().subject()) + length(of.alert().reason());
    };
  }

  private static long characters(Content content) {
    return length(content.nativeId())
        + length(content.url())
        + length(content.author())
        + length(content.title())
        + length(content.text())
        + length(content.lang())
        + length(content.category())
        + lengths(content.tags());
  }

  private static long characters(Trend trend) {
    long moments = 0;
    for (Trend.Moment moment : trend.history()) {
      moments +=
          switch (moment) {
            case Trend.Moment.Entered _ -> A_SHORT_ONE;
            case Trend.Moment.Merged merged -> A_SHORT_ONE * (1 + merged.from().size());
            case Trend.Moment.SplitInto _, Trend.Moment.SplitFrom _ -> A_SHORT_ONE * 2;
          };
    }
    return length(trend.wording().label())
        + length(trend.wording().summary())
        + lengths(trend.wording().keywords())
        + A_SHORT_ONE * trend.platforms().size()
        + moments;
  }

  private static long characters(Delivery.Result result) {
    return length(result.remoteId()) + length(result.remoteUrl()) + length(result.lastError());
  }

  private static long lengths(List<String> texts) {
    return texts.stream().mapToLong(text -> A_SHORT_ONE + length(text)).sum();
  }

  private static long length(@Nullable String text) {
    return text == null ? 0 : text.length();
  }
}
