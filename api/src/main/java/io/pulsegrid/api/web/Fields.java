package io.pulsegrid.api.web;

import io.pulsegrid.core.failure.FieldError;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.time.WrittenDuration;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The reading of an input's fields: whatever is wrong is gathered, so that the caller learns of all
 * of it at once. Not for many threads.
 */
public final class Fields {
  private static final Instant EARLIEST = Instant.parse("1970-01-01T00:00:00Z");
  private static final Instant LATEST = Instant.parse("2100-01-01T00:00:00Z");
  private static final Duration LONGEST = Duration.ofDays(366);
  private static final int ECHOED = 60;

  private final List<FieldError> errors = new ArrayList<>();

  /** Notes what is wrong with a field. */
  public void reject(String field, String message) {
    errors.add(new FieldError(field, message));
  }

  /**
   * Ends the reading.
   *
   * @throws PulsegridException {@code INVALID} if anything was wrong
   */
  public void settle() {
    if (!errors.isEmpty()) {
      throw PulsegridException.invalid(errors);
    }
  }

  public @Nullable Instant instant(String field, @Nullable String value) {
    Instant instant =
        read(
            field,
            value,
            text -> OffsetDateTime.parse(text).toInstant(),
            "an RFC 3339 instant such as 2026-12-01T08:00:00Z");
    if (instant != null && (instant.isBefore(EARLIEST) || !instant.isBefore(LATEST))) {
      reject(field, "must lie in 1970 to 2099; was " + shown(String.valueOf(value)));
      return null;
    }
    return instant;
  }

  public @Nullable LocalDateTime local(String field, @Nullable String value) {
    LocalDateTime local =
        read(field, value, LocalDateTime::parse, "a local time such as 2026-12-01T09:00");
    if (local != null && (local.getYear() < 1970 || local.getYear() > 2099)) {
      reject(field, "must lie in 1970 to 2099; was " + shown(String.valueOf(value)));
      return null;
    }
    return local;
  }

  /** A duration of a millisecond to a year. */
  public @Nullable Duration duration(String field, @Nullable String value) {
    Duration duration =
        read(field, value, WrittenDuration::parse, "a duration such as 30s, 5m, 24h or PT5M");
    if (duration != null && (duration.toSeconds() < 1 || duration.compareTo(LONGEST) > 0)) {
      reject(field, "must be 1 second to 366 days; was " + shown(String.valueOf(value)));
      return null;
    }
    return duration;
  }

  public @Nullable ZoneId zone(String field, @Nullable String value) {
    return read(field, value, ZoneId::of, "a time zone such as Europe/Paris");
  }

  /** A zone whose clocks people live by: an offset would not change with them. */
  public @Nullable ZoneId wall(String field, @Nullable String value) {
    return read(
        field,
        value,
        text -> {
          ZoneId zone = ZoneId.of(text);
          if (zone instanceof ZoneOffset) {
            throw new IllegalArgumentException("an offset is no zone");
          }
          return zone;
        },
        "a time zone such as Europe/Paris, not an offset");
  }

  /** A web address with a host. */
  public @Nullable URI address(String field, @Nullable String value) {
    return read(
        field,
        value,
        text -> {
          URI uri = URI.create(text.strip());
          boolean web = "http".equalsIgnoreCase(uri.getScheme()) || isHttps(uri);
          if (!web || uri.getHost() == null) {
            throw new IllegalArgumentException("not a web address");
          }
          return uri;
        },
        "an http or https address");
  }

  /** One of an enum's names, whatever its case. */
  public <E extends Enum<E>> @Nullable E oneOf(
      String field, @Nullable String value, Class<E> choices) {
    String all =
        Arrays.stream(choices.getEnumConstants()).map(Enum::name).collect(Collectors.joining(", "));
    return read(
        field,
        value,
        text -> Enum.valueOf(choices, text.strip().toUpperCase(Locale.ROOT).replace('-', '_')),
        "one of " + all);
  }

  /** Anything that a parser reads or refuses with one of Java's usual exceptions. */
  public <T> @Nullable T read(
      String field, @Nullable String value, Function<String, T> parser, String rule) {
    if (value == null || value.isBlank()) {
      return null;
    }
    try {
      return parser.apply(value);
    } catch (DateTimeException | IllegalArgumentException unreadable) {
      reject(field, "must be " + rule + "; was " + shown(value));
      return null;
    }
  }

  private static boolean isHttps(URI uri) {
    return "https".equalsIgnoreCase(uri.getScheme());
  }

  private static String shown(String value) {
    return value.length() <= ECHOED ? value : value.substring(0, ECHOED) + "...";
  }
}
