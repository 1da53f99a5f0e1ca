package io.pulsegrid.connectors.listen;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;

/** Ids of software that runs in many places, each of which numbers by itself. */
final class Forge {
  private Forge() {}

  /**
   * A number as it is at home; one of elsewhere with its host in front.
   *
   * @param url where what is numbered is shown
   */
  static String id(Optional<String> url, String home, String number) {
    return url.flatMap(Forge::host)
        .filter(host -> !host.equals(home))
        .map(host -> host + ":" + number)
        .orElse(number);
  }

  private static Optional<String> host(String url) {
    try {
      return Optional.ofNullable(URI.create(url).getHost())
          .map(host -> host.toLowerCase(Locale.ROOT));
    } catch (IllegalArgumentException notAnAddress) {
      return Optional.empty();
    }
  }
}
