package io.pulsegrid.connectors.feed;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.TemporalAccessor;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The dates of feeds: those the standards know, those people write, and those nobody may trust. */
final class FeedDates {
  private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(10);
  private static final Instant EPOCH_ENDS = Instant.parse("1970-01-02T00:00:00Z");
  private static final Pattern EPOCH = Pattern.compile("\\d{9,13}");
  private static final Pattern WEEKDAY = Pattern.compile("^\\p{L}{2,10}\\.?,\\s*");
  private static final Pattern NAMED_ZONE = Pattern.compile("\\s+\\(?([A-Za-z]{1,5})\\)?$");
  private static final Map<String, String> ZONES =
      Map.ofEntries(
          Map.entry("Z", "+0000"),
          Map.entry("UT", "+0000"),
          Map.entry("UTC", "+0000"),
          Map.entry("GMT", "+0000"),
          Map.entry("EST", "-0500"),
          Map.entry("EDT", "-0400"),
          Map.entry("CST", "-0600"),
          Map.entry("CDT", "-0500"),
          Map.entry("MST", "-0700"),
          Map.entry("MDT", "-0600"),
          Map.entry("PST", "-0800"),
          Map.entry("PDT", "-0700"),
          Map.entry("BST", "+0100"),
          Map.entry("CET", "+0100"),
          Map.entry("CEST", "+0200"),
          Map.entry("MEZ", "+0100"),
          Map.entry("JST", "+0900"));
  private static final List<DateTimeFormatter> FORMS =
      List.of(
          form("d MMM yyyy H:mm[:ss][ ][XX][XXX]"),
          form("d MMMM yyyy H:mm[:ss][ ][XX][XXX]"),
          form("d MMM yy H:mm[:ss][ ][XX][XXX]"),
          form("yyyy-M-d['T'][' ']H:mm[:ss][.SSSSSSSSS][.SSSSSS][.SSS][ ][XXX][XX][X]"),
          form("MMM d, yyyy[ h:mm a][ H:mm]"),
          form("MMMM d, yyyy[ h:mm a][ H:mm]"),
          form("d MMM yyyy"),
          form("d MMMM yyyy"),
          form("yyyy-MM-dd"),
          form("yyyy/M/d[ H:mm[:ss]]"));

  private FeedDates() {}

  private static DateTimeFormatter form(String pattern) {
    return new DateTimeFormatterBuilder()
        .parseCaseInsensitive()
        .appendPattern(pattern)
        .toFormatter(Locale.ENGLISH);
  }

  /** What a date means; without a zone it is UTC; empty when it cannot be read. */
  static Optional<Instant> parse(String written) {
    String text = written.strip().replaceAll("\\s+", " ");
    if (EPOCH.matcher(text).matches()) {
      long number = Long.parseLong(text);
      return Optional.of(
          text.length() > 11 ? Instant.ofEpochMilli(number) : Instant.ofEpochSecond(number));
    }
    try {
      return Optional.of(OffsetDateTime.parse(text).toInstant());
    } catch (DateTimeException notIso) {
      // falls through to what people write
    }
    text = WEEKDAY.matcher(text).replaceFirst("");
    Matcher zone = NAMED_ZONE.matcher(text);
    if (zone.find()) {
      @Nullable String offset = ZONES.get(zone.group(1).toUpperCase(Locale.ROOT));
      if (offset != null) {
        text = text.substring(0, zone.start()) + " " + offset;
      }
    }
    for (DateTimeFormatter form : FORMS) {
      try {
        return Optional.of(
            instant(
                form.parseBest(text, ZonedDateTime::from, LocalDateTime::from, LocalDate::from)));
      } catch (DateTimeException anotherForm) {
        // the next may fit
      }
    }
    return Optional.empty();
  }

  private static Instant instant(TemporalAccessor parsed) {
    return switch (parsed) {
      case ZonedDateTime zoned -> zoned.toInstant();
      case LocalDateTime local -> local.toInstant(ZoneOffset.UTC);
      case LocalDate day -> day.atStartOfDay().toInstant(ZoneOffset.UTC);
      default -> throw new DateTimeException("neither a time nor a day");
    };
  }

  /**
   * The first date that can be true: not from before feeds, nor from a future that no difference of
   * clocks explains. Null when there is none, so that the time of arrival is taken.
   */
  static @Nullable Instant believable(Instant now, List<Optional<Instant>> candidates) {
    for (Optional<Instant> candidate : candidates) {
      if (candidate.isPresent()
          && candidate.get().isAfter(EPOCH_ENDS)
          && candidate.get().isBefore(now.plus(CLOCKS_DIFFER))) {
        return candidate.get();
      }
    }
    return null;
  }
}
