package io.pulsegrid.core.time;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A duration as people write it: {@code 30s}, {@code 5m}, {@code 12h}, {@code 30d}, or ISO 8601.
 */
public final class WrittenDuration {
  private static final Pattern SHORT =
      Pattern.compile("(\\d{1,9})\\s*(ms|s|m|h|d)", Pattern.CASE_INSENSITIVE);

  private WrittenDuration() {}

  /**
   * The duration behind {@code text}.
   *
   * @throws DateTimeException for anything else
   */
  public static Duration parse(String text) {
    Matcher written = SHORT.matcher(text.strip());
    if (!written.matches()) {
      return Duration.parse(text.strip());
    }
    ChronoUnit unit =
        switch (written.group(2).toLowerCase(Locale.ROOT)) {
          case "ms" -> ChronoUnit.MILLIS;
          case "s" -> ChronoUnit.SECONDS;
          case "m" -> ChronoUnit.MINUTES;
          case "h" -> ChronoUnit.HOURS;
          default -> ChronoUnit.DAYS;
        };
    return Duration.of(Long.parseLong(written.group(1)), unit);
  }
}
