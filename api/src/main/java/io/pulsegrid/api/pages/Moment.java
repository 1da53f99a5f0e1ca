package io.pulsegrid.api.pages;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/**
 * An instant as a person takes it in: how far away it is, and when on a clock.
 *
 * @param iso for the machine
 * @param exact in words, with the clock's zone
 * @param near relative to now
 */
record Moment(String iso, String exact, String near) {
  private static final DateTimeFormatter EXACT =
      DateTimeFormatter.ofPattern("EEE d MMM uuuu, HH:mm:ss 'UTC'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter WALL =
      DateTimeFormatter.ofPattern("EEE d MMM, HH:mm VV", Locale.ENGLISH);
  private static final DateTimeFormatter WALL_WITH_YEAR =
      DateTimeFormatter.ofPattern("EEE d MMM uuuu, HH:mm VV", Locale.ENGLISH);
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

  /** An instant on the wall of {@code zone}; its year is told where it is another than now. */
  static Moment of(Instant instant, Instant now, ZoneId zone) {
    ZonedDateTime there = instant.atZone(zone);
    boolean sameYear = there.getYear() == now.atZone(zone).getYear();
    return new Moment(
        instant.truncatedTo(ChronoUnit.SECONDS).toString(),
        (sameYear ? WALL : WALL_WITH_YEAR).format(there),
        span(Duration.between(now, instant).toSeconds()));
  }

  private static String near(Instant instant, Instant now) {
    long seconds = Duration.between(now, instant).toSeconds();
    return Math.abs(seconds) > 30L * DAY ? DATE.format(instant) : span(seconds);
  }

  private static String span(long seconds) {
    long away = Math.abs(seconds);
    if (away < 5) {
      return "now";
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
