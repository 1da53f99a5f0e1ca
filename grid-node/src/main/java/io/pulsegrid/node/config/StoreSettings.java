package io.pulsegrid.node.config;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The Postgres that keeps what must last.
 *
 * @param url {@code jdbc:postgresql://...}; without one the launcher's embedded Postgres serves
 * @param pool connections of one node at most
 * @param patience how long a caller waits for a connection before it is told that the store is away
 * @param silence after how long without a word a connection that waits for an answer is given up,
 *     as behind a cut that tells nobody; a whole second or more
 */
@ConfigurationProperties("pulsegrid.store")
public record StoreSettings(
    @Nullable String url,
    @Nullable String user,
    @Nullable String password,
    @DefaultValue("16") int pool,
    @DefaultValue("PT5S") Duration patience,
    @DefaultValue("PT60S") Duration silence) {
  /** A scheme and, where no @ follows, host, port and name of the database. */
  private static final Pattern SHOWN =
      Pattern.compile("(?:[a-zA-Z]{1,20}:){0,3}(?://(?!.*@)[\\w.:,\\[\\]-]*(?:/[\\w.-]*)?)?");

  public StoreSettings {
    if (url != null && !url.startsWith("jdbc:postgresql:")) {
      throw new IllegalArgumentException(
          "url must start with jdbc:postgresql:, was " + withoutCredentials(url));
    }
    if (pool < 4 || pool > 200) {
      throw new IllegalArgumentException("pool must be between 4 and 200, was " + pool);
    }
    if (patience.compareTo(Duration.ofMillis(250)) < 0) {
      throw new IllegalArgumentException("patience must be at least PT0.25S, was " + patience);
    }
    if (silence.compareTo(Duration.ofSeconds(1)) < 0
        || silence.compareTo(Duration.ofHours(1)) > 0) {
      throw new IllegalArgumentException("silence must be PT1S to PT1H, was " + silence);
    }
  }

  /**
   * As much of an address as may be shown: credentials stand before an @ or among the parameters,
   * and in one that is mistyped nobody knows where.
   */
  private static String withoutCredentials(String url) {
    Matcher shown = SHOWN.matcher(url);
    String plain = shown.lookingAt() ? shown.group() : "";
    return plain.length() == url.length() ? url : plain + "...";
  }

  /** Without user and password, which the url may carry too. */
  @Override
  public String toString() {
    return "StoreSettings[url="
        + (url == null ? "" : withoutCredentials(url))
        + ", user="
        + user
        + ", pool="
        + pool
        + ", patience="
        + patience
        + ", silence="
        + silence
        + "]";
  }
}
