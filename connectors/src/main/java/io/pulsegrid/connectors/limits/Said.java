package io.pulsegrid.connectors.limits;

import io.pulsegrid.connectors.http.Heard;
import io.pulsegrid.connectors.http.RetryAfter;
import io.pulsegrid.core.limit.Allowance;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** The words that several dialects share. */
final class Said {
  private static final Instant LAST_DAY = Instant.parse("9999-12-31T00:00:00Z");

  private Said() {}

  /** A count, which some write with a fraction: what is begun does not count as left. */
  static Optional<Integer> count(Heard heard, String header) {
    return number(heard, header)
        .map(number -> number.setScale(0, RoundingMode.FLOOR))
        .filter(number -> number.compareTo(BigDecimal.valueOf(Integer.MAX_VALUE)) <= 0)
        .map(BigDecimal::intValue);
  }

  /** A moment in seconds since 1970. */
  static Optional<Instant> epochSeconds(Heard heard, String header) {
    return number(heard, header)
        .filter(seconds -> seconds.compareTo(BigDecimal.valueOf(LAST_DAY.getEpochSecond())) <= 0)
        .map(seconds -> Instant.ofEpochSecond(seconds.longValue()));
  }

  /** A moment so many seconds from {@code now}. */
  static Optional<Instant> secondsFrom(Instant now, Heard heard, String header) {
    return number(heard, header)
        .filter(seconds -> seconds.compareTo(BigDecimal.valueOf(Integer.MAX_VALUE)) <= 0)
        .map(seconds -> now.plusSeconds(seconds.setScale(0, RoundingMode.CEILING).longValue()));
  }

  static Optional<Instant> retryAfter(Heard heard, Instant now) {
    return heard.header("Retry-After").flatMap(text -> RetryAfter.parse(text, now)).map(now::plus);
  }

  /** All three or nothing: one of them alone holds nobody back. */
  static Optional<Allowance> allowance(
      Optional<Integer> limit, Optional<Integer> remaining, Optional<Instant> reset) {
    return limit.isEmpty() || remaining.isEmpty() || reset.isEmpty()
        ? Optional.empty()
        : Optional.of(new Allowance(limit.get(), remaining.get(), reset.get()));
  }

  /** The later word: a reset that is over already says nothing of how long to stay away. */
  static Optional<Instant> latest(Optional<Instant> one, Optional<Instant> other) {
    return Stream.of(one, other).flatMap(Optional::stream).max(Comparator.naturalOrder());
  }

  private static Optional<BigDecimal> number(Heard heard, String header) {
    try {
      return heard
          .header(header)
          .filter(text -> text.length() <= 20)
          .map(text -> new BigDecimal(text.strip()))
          .filter(number -> number.signum() >= 0 && number.precision() - number.scale() <= 20);
    } catch (NumberFormatException foreign) {
      return Optional.empty();
    }
  }
}
