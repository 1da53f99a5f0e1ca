package io.pulsegrid.api;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The front's settings.
 *
 * @param heartbeat how long an event stream stays silent before it shows that it lives, and how
 *     long a deleted key keeps one open
 * @param requestsPerMinute what one key may ask of this node; what costs more than an ordinary
 *     request counts more
 */
@ConfigurationProperties("pulsegrid.api")
public record ApiSettings(
    @DefaultValue("15s") Duration heartbeat, @DefaultValue("30000") int requestsPerMinute) {
  public ApiSettings {
    if (heartbeat.toMillis() < 100 || heartbeat.compareTo(Duration.ofMinutes(1)) > 0) {
      throw new IllegalArgumentException("heartbeat must be 100ms to 1m, was " + heartbeat);
    }
    if (requestsPerMinute < 60 || requestsPerMinute > 10_000_000) {
      throw new IllegalArgumentException(
          "requests-per-minute must be between 60 and 10000000, was " + requestsPerMinute);
    }
  }
}
