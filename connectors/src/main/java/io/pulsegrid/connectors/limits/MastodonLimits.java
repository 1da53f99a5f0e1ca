package io.pulsegrid.connectors.limits;

import io.pulsegrid.connectors.http.Heard;
import io.pulsegrid.core.limit.Allowance;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;

/**
 * Mastodon's dialect: {@code X-RateLimit-*}, whole numbers, the reset in ISO-8601 with
 * microseconds.
 */
public final class MastodonLimits implements Dialect {
  @Override
  public Told read(Heard heard, Instant now) {
    Optional<Allowance> allowance =
        Said.allowance(
            whole(heard, "X-RateLimit-Limit"), whole(heard, "X-RateLimit-Remaining"), reset(heard));
    return throttles(heard)
        ? Told.blocked(
            allowance, Said.latest(allowance.map(Allowance::reset), Said.retryAfter(heard, now)))
        : Told.left(allowance);
  }

  private static Optional<Integer> whole(Heard heard, String header) {
    boolean fraction = heard.header(header).filter(text -> text.indexOf('.') >= 0).isPresent();
    return fraction ? Optional.empty() : Said.count(heard, header);
  }

  private static Optional<Instant> reset(Heard heard) {
    try {
      return heard.header("X-RateLimit-Reset").map(text -> OffsetDateTime.parse(text).toInstant());
    } catch (DateTimeException foreign) {
      return Optional.empty();
    }
  }
}
