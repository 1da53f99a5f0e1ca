package io.pulsegrid.connectors.file;

import io.pulsegrid.core.failure.PulsegridException;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How an import's dates are read: by its own pattern, or as ISO-8601 or an epoch number. */
final class ImportDates {
  private static final Pattern NUMBER = Pattern.compile("-?\\d{1,19}(?:\\.\\d{1,9})?");

  /** Seconds reach this number in the year 5138, milliseconds reached it in 1973. */
  private static final BigDecimal LEAST_MILLIS = BigDecimal.valueOf(100_000_000_000L);

  private static final DateTimeFormatter ISO =
      new DateTimeFormatterBuilder()
          .parseCaseInsensitive()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .optionalStart()
          .appendPattern("['T'][' ']HH:mm[:ss]")
          .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
          .optionalStart()
          .appendLiteral(' ')
          .optionalEnd()
          .optionalStart()
          .appendOffset("+HH:MM", "Z")
          .optionalEnd()
          .optionalStart()
          .appendOffset("+HHMM", "Z")
          .optionalEnd()
          .optionalStart()
          .appendOffset("+HH", "Z")
          .optionalEnd()
          .optionalStart()
          .appendLiteral('[')
          .appendZoneRegionId()
          .appendLiteral(']')
          .optionalEnd()
          .optionalEnd()
          .toFormatter(Locale.ROOT)
          .withResolverStyle(ResolverStyle.STRICT);

  private final DateTimeFormatter format;
  private final @Nullable String pattern;
  private final ZoneId zone;

  ImportDates(@Nullable String pattern, ZoneId zone) {
    this.pattern = pattern;
    this.zone = zone;
    this.format = pattern == null ? ISO : formatter(pattern);
  }

  private static DateTimeFormatter formatter(String pattern) {
    try {
      DateTimeFormatterBuilder builder =
          new DateTimeFormatterBuilder().parseCaseInsensitive().appendPattern(pattern);
      if (pattern.indexOf('G') < 0) {
        // yyyy is the year of an era, and no file names the era; strictly, February 30 is refused.
        builder.parseDefaulting(ChronoField.ERA, 1);
      }
      return builder.toFormatter(Locale.ENGLISH).withResolverStyle(ResolverStyle.STRICT);
    } catch (IllegalArgumentException unknown) {
      throw PulsegridException.invalid(
          "dateFormat", "is no pattern such as M/d/yyyy H:mm: " + unknown.getMessage());
    }
  }

  /** The instant; empty when it cannot be read. */
  Optional<Instant> parse(String written) {
    String text = written.strip();
    try {
      if (pattern == null && NUMBER.matcher(text).matches()) {
        return Optional.of(epoch(new BigDecimal(text)));
      }
      return Optional.of(
          instant(
              format.parseBest(text, ZonedDateTime::from, LocalDateTime::from, LocalDate::from)));
    } catch (DateTimeException | ArithmeticException unreadable) {
      return Optional.empty();
    }
  }

  /** What would have been right, for the error. */
  String wanted() {
    return pattern == null
        ? "must be ISO-8601 or epoch seconds or milliseconds (or give dateFormat=)"
        : "must be written as " + pattern;
  }

  private static Instant epoch(BigDecimal number) {
    BigDecimal seconds =
        number.abs().compareTo(LEAST_MILLIS) >= 0 ? number.movePointLeft(3) : number;
    long whole = seconds.longValue();
    return Instant.ofEpochSecond(
        whole, seconds.subtract(BigDecimal.valueOf(whole)).movePointRight(9).longValue());
  }

  private Instant instant(TemporalAccessor parsed) {
    return switch (parsed) {
      case ZonedDateTime zoned -> zoned.toInstant();
      case LocalDateTime local -> local.atZone(zone).toInstant();
      case LocalDate day -> day.atStartOfDay(zone).toInstant();
      default -> throw new DateTimeException("neither a time nor a day");
    };
  }
}
