package io.pulsegrid.core.telling;

import java.util.Locale;

/** What an event is about, as streams and webhooks name it. */
public enum EventKind {
  POST,
  TREND,
  DELIVERY,
  ALERT;

  /** The kind of what happened. */
  public static EventKind of(Event.Subject subject) {
    return switch (subject) {
      case Event.Subject.OfPost _ -> POST;
      case Event.Subject.OfTrend _ -> TREND;
      case Event.Subject.OfDelivery _ -> DELIVERY;
      case Event.Subject.OfAlert _ -> ALERT;
    };
  }

  /**
   * Reads one name.
   *
   * @throws IllegalArgumentException for an unknown one
   */
  public static EventKind read(String name) {
    return valueOf(name.strip().toUpperCase(Locale.ROOT));
  }

  /** The name that outsiders see. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
