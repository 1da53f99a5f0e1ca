package io.pulsegrid.api.telling;

import io.pulsegrid.core.telling.Event;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What an event is about, as the stream names it. */
enum EventKind {
  POST,
  TREND,
  DELIVERY;

  static EventKind of(Event.Subject subject) {
    return switch (subject) {
      case Event.Subject.OfPost _ -> POST;
      case Event.Subject.OfTrend _ -> TREND;
      case Event.Subject.OfDelivery _ -> DELIVERY;
    };
  }

  /**
   * Reads a list by commas.
   *
   * @throws IllegalArgumentException for an unknown name
   */
  static Set<EventKind> readAll(String names) {
    return Arrays.stream(names.split(","))
        .map(name -> valueOf(name.strip().toUpperCase(Locale.ROOT)))
        .collect(Collectors.toCollection(() -> EnumSet.noneOf(EventKind.class)));
  }

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Set<EventKind> orAll(@Nullable Set<EventKind> chosen) {
    return chosen == null ? EnumSet.allOf(EventKind.class) : chosen;
  }
}
