package io.pulsegrid.connectors.limits;

import io.pulsegrid.connectors.http.Heard;
import io.pulsegrid.core.limit.Allowance;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * X's dialect: {@code x-rate-limit-*}, and beside it the 24 hours of the user and of the app, each
 * reset in epoch seconds; never {@code Retry-After}. Of the three the one that leaves least counts.
 */
public final class XLimits implements Dialect {
  @Override
  public Told read(Heard heard, Instant now) {
    Optional<Allowance> tightest =
        Stream.of("x-rate-limit", "x-user-limit-24hour", "x-app-limit-24hour")
            .map(family -> allowance(heard, family))
            .flatMap(Optional::stream)
            .min(
                Comparator.comparingInt(Allowance::remaining)
                    .thenComparing(Allowance::reset, Comparator.reverseOrder()));
    return throttles(heard)
        ? Told.blocked(tightest, tightest.map(Allowance::reset))
        : Told.left(tightest);
  }

  private static Optional<Allowance> allowance(Heard heard, String family) {
    return Said.allowance(
        Said.count(heard, family + "-limit"),
        Said.count(heard, family + "-remaining"),
        Said.epochSeconds(heard, family + "-reset"));
  }
}
