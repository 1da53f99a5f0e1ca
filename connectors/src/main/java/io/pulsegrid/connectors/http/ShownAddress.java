package io.pulsegrid.connectors.http;

import java.net.URI;

/**
 * An address as logs and messages may carry it: its query and fragment are left out, since a key
 * that stands there may open more than this one place.
 */
public final class ShownAddress {
  private ShownAddress() {}

  public static String of(URI address) {
    return of(address.toString());
  }

  /** The same for what may be no address at all. */
  static String of(String address) {
    int end = 0;
    while (end < address.length() && "?#".indexOf(address.charAt(end)) < 0) {
      end++;
    }
    return end == address.length() ? address : address.substring(0, end) + "?...";
  }
}
