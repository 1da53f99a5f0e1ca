package io.pulsegrid.node.config;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How deliveries are sent, tried again and asked about ({@code pulsegrid.publishing.*}).
 *
 * @param budget calls that a delivery may cost; throttled ones cost nothing. With the pauses below,
 *     the default lasts for a day: what ends the tries is then how long the post is worth sending
 * @param retryFirst the pause after the first failure; it doubles with each
 * @param retryLongest no pause between tries is longer
 * @param probeFirst how soon a platform is asked about a call whose end is unknown; doubles too
 * @param probeLongest no pause between questions is longer
 * @param probeFor how long it is asked before only a person can decide
 * @param leaseSlack how much longer than its call a lease lasts
 * @param sweepEvery how often the ledger itself is gone through
 * @param horizon how far ahead the grid holds what waits
 * @param refreshEvery how often that copy is read anew
 * @param catchUpEvery how long after one that was held back a channel's next such goes out; zero
 *     lets all out at once
 */
@ConfigurationProperties("pulsegrid.publishing")
public record PublishingSettings(
    @DefaultValue("100") int budget,
    @DefaultValue("PT5S") Duration retryFirst,
    @DefaultValue("PT15M") Duration retryLongest,
    @DefaultValue("PT5S") Duration probeFirst,
    @DefaultValue("PT30M") Duration probeLongest,
    @DefaultValue("PT24H") Duration probeFor,
    @DefaultValue("PT30S") Duration leaseSlack,
    @DefaultValue("PT2S") Duration sweepEvery,
    @DefaultValue("PT48H") Duration horizon,
    @DefaultValue("PT5M") Duration refreshEvery,
    @DefaultValue("PT1M") Duration catchUpEvery) {
  public PublishingSettings {
    require(budget >= 1 && budget <= 1000, "budget must be 1 to 1000", budget);
    atLeast("retry-first", retryFirst, Duration.ofMillis(100));
    require(
        retryLongest.compareTo(retryFirst) >= 0,
        "retry-longest must not be below retry-first",
        retryLongest);
    atLeast("probe-first", probeFirst, Duration.ofMillis(100));
    require(
        probeLongest.compareTo(probeFirst) >= 0,
        "probe-longest must not be below probe-first",
        probeLongest);
    atLeast("probe-for", probeFor, Duration.ofMinutes(1));
    // What a paused process or a slow network may still carry out after its deadline.
    atLeast("lease-slack", leaseSlack, Duration.ofSeconds(5));
    atLeast("sweep-every", sweepEvery, Duration.ofMillis(100));
    atLeast("horizon", horizon, Duration.ofMinutes(1));
    require(
        refreshEvery.compareTo(horizon) < 0, "refresh-every must be below horizon", refreshEvery);
    atLeast("refresh-every", refreshEvery, Duration.ofSeconds(1));
    atLeast("catch-up-every", catchUpEvery, Duration.ZERO);
  }

  private static void atLeast(String name, Duration value, Duration least) {
    require(value.compareTo(least) >= 0, name + " must be at least " + least, value);
  }

  private static void require(boolean holds, String rule, Object value) {
    if (!holds) {
      throw new IllegalArgumentException(rule + ", was " + value);
    }
  }
}
