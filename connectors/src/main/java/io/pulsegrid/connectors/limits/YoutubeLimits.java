package io.pulsegrid.connectors.limits;

import io.pulsegrid.connectors.http.Heard;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * YouTube's dialect: no headers; a quota that is spent is 403 with the reason {@code
 * quotaExceeded}, and is full again at midnight in Los Angeles. The quota is the app's.
 */
public final class YoutubeLimits implements Dialect {
  private static final ZoneId PACIFIC = ZoneId.of("America/Los_Angeles");

  @Override
  public Told read(Heard heard, Instant now) {
    if (!throttles(heard)) {
      return Told.NOTHING;
    }
    if (heard.status() == 429) {
      return Told.blocked(Optional.empty(), Said.retryAfter(heard, now));
    }
    LocalDate tomorrow = LocalDate.ofInstant(now, PACIFIC).plusDays(1);
    return Told.appBlocked(
        Optional.empty(), Optional.of(tomorrow.atStartOfDay(PACIFIC).toInstant()));
  }

  @Override
  public boolean throttles(Heard heard) {
    return heard.status() == 429 || (heard.status() == 403 && quotaIsSpent(heard));
  }

  private static boolean quotaIsSpent(Heard heard) {
    for (JsonNode error : heard.json().at("/error/errors")) {
      if (error.path("reason").asString("").equals("quotaExceeded")) {
        return true;
      }
    }
    return false;
  }
}
