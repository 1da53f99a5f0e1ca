package io.pulsegrid.api.pages;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/**
 * An instant as a person takes it in: how far away it is, and exactly when on demand.
 *
 * @param iso for the machine
 * @param exact in words, UTC
 * @param near relative to now
 */
record Moment(String iso, String exact, String near) {
  private static final DateTimeFormatter EXACT =
      DateTimeFormatter.ofPattern("EEE d MMM uuuu, HH:mm:ss 'UTC'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("d MMM uuuu", Locale.ENGLISH).withZone(ZoneOffset.UTC);
  private static final int MINUTE = 60;
  private static final int HOUR = 60 * MINUTE;
  private static final int DAY = 24 * HOUR;

  static Moment of(Instant instant, Instant now) {
    return new Moment(
        instant.truncatedTo(ChronoUnit.SECONDS).toString(),
        EXACT.format(instant),
        near(instant, now));
  }

  private static String near(Instant instant, Instant now) {
    long seconds = Duration.between(now, instant).toSeconds();
    long away = Math.abs(seconds);
    if (away < 5) {
      return "now";
    }
    if (away > 30L * DAY) {
      return DATE.format(instant);
    }
    String span =
        away < MINUTE
            ? away + " s"
            : away < 2 * HOUR
                ? away / MINUTE + " min"
                : away < 2 * DAY ? away / HOUR + " h" : away / DAY + " days";
    return seconds > 0 ? "in " + span : span + " ago";
  }
}
