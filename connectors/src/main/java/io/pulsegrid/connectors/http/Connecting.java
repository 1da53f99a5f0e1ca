package io.pulsegrid.connectors.http;

import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpConnectTimeoutException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A connection that did not come about, in words for people. */
public final class Connecting {
  private Connecting() {}

  /** Whom it could not be made to, and why; empty where it was made, or the failure is another. */
  public static Optional<String> failure(@Nullable Throwable cause, URI address) {
    String attempt = "could not connect to " + place(address);
    return switch (cause) {
      case HttpConnectTimeoutException _ -> Optional.of(attempt + " in time");
      case ConnectException refused -> Optional.of(attempt + because(refused));
      case null, default -> Optional.empty();
    };
  }

  static String because(Throwable cause) {
    return cause.getMessage() == null
        ? " (" + cause.getClass().getSimpleName() + ")"
        : ": " + cause.getMessage();
  }

  private static String place(URI address) {
    int usual = "https".equalsIgnoreCase(address.getScheme()) ? 443 : 80;
    return address.getHost() + ":" + (address.getPort() < 0 ? usual : address.getPort());
  }
}
