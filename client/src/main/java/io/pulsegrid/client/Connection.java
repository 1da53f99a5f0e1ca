package io.pulsegrid.client;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How to reach a grid.
 *
 * @param addresses of nodes, {@code host:port}; one is enough, the others are found through it, and
 *     tried in turn where one does not answer
 * @param key the API key, {@code pg_...}, that every call is made with
 * @param tls the certificates of both sides; null where the grid listens on loopback without
 * @param patience how long a call goes on trying, over lost connections and answers that say "not
 *     now", before it fails; 100 ms to 1 hour. A node that keeps silent is waited for for a third
 *     of it, but half a second at the least and 30 seconds at the most
 */
public record Connection(List<String> addresses, String key, @Nullable Tls tls, Duration patience) {
  /** A third of it is longer than the 15 seconds for which a node itself tries to store posts. */
  private static final Duration USUAL = Duration.ofSeconds(60);

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException for no address, an empty key or a patience out of bounds
   */
  public Connection {
    addresses = List.copyOf(addresses);
    if (addresses.isEmpty()) {
      throw new IllegalArgumentException("addresses must name at least one node");
    }
    if (key.isBlank()) {
      throw new IllegalArgumentException("key must not be blank");
    }
    if (patience.toMillis() < 100 || patience.compareTo(Duration.ofHours(1)) > 0) {
      throw new IllegalArgumentException("patience must be 100ms to 1h, was " + patience);
    }
  }

  /** To nodes without TLS, with 60 seconds of patience. */
  public static Connection to(String key, String... addresses) {
    return new Connection(List.of(addresses), key, null, USUAL);
  }

  /** The same with certificates. */
  public Connection with(Tls certificates) {
    return new Connection(addresses, key, certificates, patience);
  }

  /** The same with another patience. */
  public Connection with(Duration longest) {
    return new Connection(addresses, key, tls, longest);
  }

  /** Everything but the key. */
  @Override
  public String toString() {
    return "Connection[addresses=" + addresses + ", tls=" + (tls != null) + "]";
  }
}
