package io.pulsegrid.connectors.limits;

import io.pulsegrid.connectors.http.Heard;
import io.pulsegrid.core.limit.Allowance;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * X's dialect: {@code x-rate-limit-*}, and beside it the 24 hours of the user and of the app, each
 * reset in epoch seconds; never {@code Retry-After}. Of the three the one that leaves least counts;
 * where it is the app's, it holds for every account.
 */
public final class XLimits implements Dialect {
  @Override
  public Told read(Heard heard, Instant now) {
    Optional<Allowance> tightest =
        Stream.of(
                allowance(heard, "x-rate-limit"),
                allowance(heard, "x-user-limit-24hour"),
                allowance(heard, "x-app-limit-24hour").map(Allowance::shared))
            .flatMap(Optional::stream)
            .min(
                Comparator.comparingInt(Allowance::remaining)
                    .thenComparing(Allowance::reset, Comparator.reverseOrder()));
    if (!throttles(heard)) {
      return Told.left(tightest);
    }
    Optional<Instant> reset = tightest.map(Allowance::reset);
    return tightest.filter(left -> left.ofApp() && left.remaining() == 0).isPresent()
        ? Told.appBlocked(tightest, reset)
        : Told.blocked(tightest, reset);
  }

  private static Optional<Allowance> allowance(Heard heard, String family) {
    return Said.allowance(
        Said.count(heard, family + "-limit"),
        Said.count(heard, family + "-remaining"),
        Said.epochSeconds(heard, family + "-reset"));
  }
}
