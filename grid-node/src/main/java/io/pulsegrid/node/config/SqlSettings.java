package io.pulsegrid.node.config;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How much people's SQL may take ({@code pulsegrid.sql.*}).
 *
 * @param timeout after which a query is ended
 * @param atOnce how many run at once on one node
 */
@ConfigurationProperties("pulsegrid.sql")
public record SqlSettings(@DefaultValue("PT10S") Duration timeout, @DefaultValue("4") int atOnce) {
  public SqlSettings {
    if (timeout.toMillis() < 100 || timeout.compareTo(Duration.ofMinutes(10)) > 0) {
      throw new IllegalArgumentException("timeout must be PT0.1S to PT10M, was " + timeout);
    }
    if (atOnce < 1 || atOnce > 16) {
      throw new IllegalArgumentException("at-once must be 1 to 16, was " + atOnce);
    }
  }
}
