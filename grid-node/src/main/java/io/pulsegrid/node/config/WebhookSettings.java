package io.pulsegrid.node.config;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How webhooks are told ({@code pulsegrid.webhooks.*}).
 *
 * @param timeout of one call; after it the event is told again
 * @param tries how often an event may be refused in a row before its webhook is parked
 * @param retryFirst the pause after the first refusal; it doubles with each
 * @param retryLongest no pause is longer
 * @param keep how long an event waits that nobody takes
 */
@ConfigurationProperties("pulsegrid.webhooks")
public record WebhookSettings(
    @DefaultValue("PT10S") Duration timeout,
    @DefaultValue("15") int tries,
    @DefaultValue("PT5S") Duration retryFirst,
    @DefaultValue("PT1H") Duration retryLongest,
    @DefaultValue("P7D") Duration keep) {
  public WebhookSettings {
    require(
        timeout.toMillis() >= 100 && timeout.compareTo(Duration.ofMinutes(2)) <= 0,
        "timeout must be PT0.1S to PT2M",
        timeout);
    require(tries >= 1 && tries <= 1000, "tries must be 1 to 1000", tries);
    require(retryFirst.toMillis() >= 100, "retry-first must be at least PT0.1S", retryFirst);
    require(
        retryLongest.compareTo(retryFirst) >= 0,
        "retry-longest must not be below retry-first",
        retryLongest);
    require(keep.compareTo(Duration.ofHours(1)) >= 0, "keep must be at least PT1H", keep);
  }

  private static void require(boolean holds, String rule, Object value) {
    if (!holds) {
      throw new IllegalArgumentException(rule + ", was " + value);
    }
  }
}
