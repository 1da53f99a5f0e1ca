package io.pulsegrid.connectors.http;

import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One question to an API. Its headers and body may hold secrets: never printed.
 *
 * @param body sent by POST; null for a GET
 */
public record Ask(URI url, Map<String, String> headers, @Nullable String body) {
  public Ask {
    headers = Map.copyOf(headers);
  }

  public static Ask get(URI url, Map<String, String> headers) {
    return new Ask(url, headers, null);
  }

  @Override
  public String toString() {
    return "Ask[" + ShownAddress.of(url) + "]";
  }
}
