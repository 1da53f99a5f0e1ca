package io.pulsegrid.connectors.limits;

import io.pulsegrid.connectors.http.Heard;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Optional;

/**
 * LinkedIn's dialect: no headers; 429 when a limit of the day is spent, which begins anew at
 * midnight UTC. Its words tell whose: {@code APPLICATION DAY} is all accounts', {@code MEMBER DAY}
 * and {@code APPLICATION_AND_MEMBER DAY} the member's. Where the answer does not speak of a
 * throttle LinkedIn only protects itself, and says nothing of how long (learn.microsoft.com
 * .../rate-limits).
 */
public final class LinkedinLimits implements Dialect {
  @Override
  public Told read(Heard heard, Instant now) {
    if (!throttles(heard)) {
      return Told.NOTHING;
    }
    LocalDate tomorrow = LocalDate.ofInstant(now, ZoneOffset.UTC).plusDays(1);
    String said = heard.text("/message").toLowerCase(Locale.ROOT);
    if (!said.contains("throttle")) {
      return Told.blocked(Optional.empty(), Said.retryAfter(heard, now));
    }
    Optional<Instant> midnight = Optional.of(tomorrow.atStartOfDay(ZoneOffset.UTC).toInstant());
    return said.contains("application day")
        ? Told.appBlocked(Optional.empty(), midnight)
        : Told.blocked(Optional.empty(), midnight);
  }
}
