package io.pulsegrid.connectors.linkedin;

import java.util.Map;
import java.util.function.UnaryOperator;

/** The headers that every call of LinkedIn's versioned API carries. */
public final class LinkedinHeaders {
  public static final String TOKEN = "accessToken";

  private static final String VERSION = "apiVersion";

  /** LinkedIn keeps each monthly version for a year; a channel may name another. */
  private static final String DEFAULT_VERSION = "202609";

  private LinkedinHeaders() {}

  /**
   * Those of a channel.
   *
   * @param secrets its credentials by name; empty for one that it lacks
   */
  public static Map<String, String> of(UnaryOperator<String> secrets) {
    String version = secrets.apply(VERSION);
    return Map.of(
        "Authorization",
        "Bearer " + secrets.apply(TOKEN),
        "LinkedIn-Version",
        version.isEmpty() ? DEFAULT_VERSION : version,
        "X-Restli-Protocol-Version",
        "2.0.0");
  }
}
