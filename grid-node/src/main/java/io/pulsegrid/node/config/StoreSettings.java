package io.pulsegrid.node.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The Postgres that keeps what must last.
 *
 * @param url {@code jdbc:postgresql://...}; without one the launcher's embedded Postgres serves
 * @param pool connections of one node at most
 * @param patience how long a caller waits for a connection before it is told that the store is away
 */
@ConfigurationProperties("pulsegrid.store")
public record StoreSettings(
    @Nullable String url,
    @Nullable String user,
    @Nullable String password,
    @DefaultValue("16") int pool,
    @DefaultValue("PT5S") Duration patience) {
  public StoreSettings {
    if (url != null && !url.startsWith("jdbc:postgresql:")) {
      throw new IllegalArgumentException("url must start with jdbc:postgresql:, was " + url);
    }
    if (pool < 4 || pool > 200) {
      throw new IllegalArgumentException("pool must be between 4 and 200, was " + pool);
    }
    if (patience.compareTo(Duration.ofMillis(250)) < 0) {
      throw new IllegalArgumentException("patience must be at least PT0.25S, was " + patience);
    }
  }

  /** Without the password. */
  @Override
  public String toString() {
    return "StoreSettings[url="
        + url
        + ", user="
        + user
        + ", pool="
        + pool
        + ", patience="
        + patience
        + "]";
  }
}
