package io.pulsegrid.api.channels;

import java.time.DayOfWeek;
import java.util.Locale;

/** Days of the week as they are written here: MON, or in full. */
final class Days {
  static final String RULE = "one of MON, TUE, WED, THU, FRI, SAT, SUN";

  private static final int SHORT = 3;

  private Days() {}

  static DayOfWeek parse(String text) {
    String wanted = text.strip().toUpperCase(Locale.ROOT);
    for (DayOfWeek day : DayOfWeek.values()) {
      if (wanted.equals(day.name()) || wanted.equals(brief(day))) {
        return day;
      }
    }
    throw new IllegalArgumentException("not a day");
  }

  static String brief(DayOfWeek day) {
    return day.name().substring(0, SHORT);
  }
}
