package io.pulsegrid.connectors.publish;

import io.pulsegrid.connectors.http.AddressPolicy;
import java.net.http.HttpClient;
import java.time.InstantSource;
import java.util.Map;
import java.util.OptionalInt;

/** The outside as the node gives it to connectors, with the lengths of {@code platforms.yml}. */
final class TestOutside {
  private static final Map<String, Integer> LENGTHS =
      Map.of(
          "mastodon", 500,
          "bluesky", 300,
          "webhook", 65_536,
          "devto", 819_200,
          "reddit", 40_000,
          "linkedin", 3_000,
          "facebook", 63_206,
          "instagram", 2_200);

  private TestOutside() {}

  static Outside of(HttpClient http, AddressPolicy addresses, InstantSource clock) {
    return new Outside(
        http,
        addresses,
        clock,
        _ -> {},
        platform -> {
          Integer most = LENGTHS.get(platform);
          return most == null ? OptionalInt.empty() : OptionalInt.of(most);
        });
  }
}
