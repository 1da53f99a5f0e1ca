package io.pulsegrid.connectors.publish;

import io.pulsegrid.connectors.http.AddressPolicy;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.OptionalInt;

/**
 * What every connector reaches the outside with.
 *
 * @param http a client that follows no redirect: a post that is redirected is a post that went
 *     nowhere
 * @param clock the time that arms are stamped with
 * @param pause waits between two questions of one call
 * @param lengths how long a text may be
 */
public record Outside(
    HttpClient http, AddressPolicy addresses, InstantSource clock, Pause pause, Lengths lengths) {
  public Outside {
    if (http.followRedirects() != HttpClient.Redirect.NEVER) {
      throw new IllegalArgumentException(
          "http must follow no redirect, was " + http.followRedirects());
    }
  }

  /** A wait that the caller's thread takes. */
  @FunctionalInterface
  public interface Pause {
    void take(Duration length) throws InterruptedException;
  }

  /** How long a text may be on a platform, in the unit that it counts in. */
  @FunctionalInterface
  public interface Lengths {
    /** Empty where nothing is known: then only the platform itself refuses. */
    OptionalInt most(String platform);
  }
}
