package io.pulsegrid.connectors.limits;

import io.pulsegrid.connectors.http.Heard;
import io.pulsegrid.core.limit.Allowance;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Bluesky's dialect: {@code RateLimit-*}, the reset in epoch seconds, and a {@code
 * RateLimit-Policy} such as {@code 5000;w=3600}. Of several limits a server tells the tightest; the
 * hourly and daily ones count points, of which a new record takes three (bsky-docs rate-limits.md),
 * the others count requests.
 */
public final class BlueskyLimits implements Dialect {
  private static final int POINTS_OF_A_RECORD = 3;
  private static final Pattern IN_POINTS = Pattern.compile("\\d+;\\s*w=(3600|86400)");

  @Override
  public Told read(Heard heard, Instant now) {
    boolean points = heard.header("RateLimit-Policy").filter(BlueskyLimits::inPoints).isPresent();
    int cost = points ? POINTS_OF_A_RECORD : 1;
    Optional<Allowance> allowance =
        Said.allowance(
            Said.count(heard, "RateLimit-Limit").map(limit -> limit / cost),
            Said.count(heard, "RateLimit-Remaining").map(left -> left / cost),
            Said.epochSeconds(heard, "RateLimit-Reset"));
    return throttles(heard)
        ? Told.blocked(
            allowance, Said.latest(allowance.map(Allowance::reset), Said.retryAfter(heard, now)))
        : Told.left(allowance);
  }

  private static boolean inPoints(String policy) {
    return IN_POINTS.matcher(policy.strip()).matches();
  }
}
