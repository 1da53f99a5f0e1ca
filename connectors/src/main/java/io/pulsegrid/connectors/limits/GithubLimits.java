package io.pulsegrid.connectors.limits;

import io.pulsegrid.connectors.http.Heard;
import io.pulsegrid.core.limit.Allowance;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * GitHub's dialect: {@code x-ratelimit-*}, the reset in epoch seconds. It refuses with 403 or 429;
 * of its secondary limits {@code Retry-After} tells how long, or else nothing does, and a minute is
 * the least.
 */
public final class GithubLimits implements Dialect {
  private static final Duration LEAST = Duration.ofSeconds(60);

  @Override
  public Told read(Heard heard, Instant now) {
    Optional<Allowance> allowance =
        Said.allowance(
            Said.count(heard, "x-ratelimit-limit"),
            Said.count(heard, "x-ratelimit-remaining"),
            Said.epochSeconds(heard, "x-ratelimit-reset"));
    if (!throttles(heard)) {
      return Told.left(allowance);
    }
    Optional<Instant> reset = allowance.filter(left -> left.remaining() == 0).map(Allowance::reset);
    return Told.blocked(
        allowance,
        Said.retryAfter(heard, now).or(() -> reset).or(() -> Optional.of(now.plus(LEAST))));
  }

  @Override
  public boolean throttles(Heard heard) {
    boolean forbidden = heard.status() == 403;
    return heard.status() == 429
        || (forbidden
            && (heard.header("Retry-After").isPresent()
                || Said.count(heard, "x-ratelimit-remaining").filter(left -> left == 0).isPresent()
                || heard.text("/message").toLowerCase(Locale.ROOT).contains("rate limit")));
  }
}
