package io.pulsegrid.connectors.limits;

import io.pulsegrid.core.limit.Allowance;
import java.net.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;

/** Mastodon's dialect: {@code X-RateLimit-*}, the reset in ISO-8601 with microseconds. */
public final class MastodonLimits {
  private MastodonLimits() {}

  /** What the headers say; empty unless all three are there and make sense. */
  public static Optional<Allowance> read(HttpHeaders headers) {
    try {
      Optional<Integer> limit = headers.firstValue("X-RateLimit-Limit").map(Integer::valueOf);
      Optional<Integer> left = headers.firstValue("X-RateLimit-Remaining").map(Integer::valueOf);
      Optional<Instant> reset =
          headers
              .firstValue("X-RateLimit-Reset")
              .map(text -> OffsetDateTime.parse(text).toInstant());
      if (limit.isEmpty() || left.isEmpty() || reset.isEmpty() || left.get() < 0) {
        return Optional.empty();
      }
      return Optional.of(new Allowance(limit.get(), left.get(), reset.get()));
    } catch (NumberFormatException | DateTimeException foreign) {
      // Another server's dialect, or a proxy's: it says nothing that can be relied on.
      return Optional.empty();
    }
  }
}
