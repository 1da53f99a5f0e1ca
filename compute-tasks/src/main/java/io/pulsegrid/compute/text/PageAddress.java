package io.pulsegrid.compute.text;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The page that a web address leads to, as an identity: addresses that differ only in scheme, in
 * the case of their host, in default ports, in fragment, in the order of parameters or in those
 * that count clicks have the same.
 */
public final class PageAddress {
  private static final int LONGEST = 2_048;
  private static final Pattern ADDRESS =
      Pattern.compile(
          "(?i)(https?)://(?:[^/?#@]*@)?([^/?#:@]+)(?::(\\d*))?([^?#]*)(?:\\?([^#]*))?.*");
  private static final Pattern ESCAPED = Pattern.compile("%([0-9A-Fa-f]{2})");

  private PageAddress() {}

  /**
   * The identity of the page behind an address.
   *
   * @return empty for what is no web address, and for a site's front page, which says nothing
   */
  public static Optional<String> of(String url) {
    String stripped = url.strip();
    if (stripped.length() > LONGEST) {
      return Optional.empty();
    }
    Matcher address = ADDRESS.matcher(stripped);
    if (!address.matches()) {
      return Optional.empty();
    }
    String path = Links.withoutTail(unescaped(address.group(4)), "/");
    String asked = address.group(5) == null ? "" : address.group(5);
    String query =
        Links.parameters(Arrays.stream(asked.split("&", -1)).map(PageAddress::unescaped));
    String host = host(address.group(2));
    if (host.isEmpty() || (path.isEmpty() && query.isEmpty())) {
      return Optional.empty();
    }
    return Optional.of(
        host
            + port(address.group(1), address.group(3))
            + path
            + (query.isEmpty() ? "" : "?" + query));
  }

  private static String host(String written) {
    String host = written.toLowerCase(Locale.ROOT);
    while (host.endsWith(".")) {
      host = host.substring(0, host.length() - 1);
    }
    while (host.startsWith("www.") && host.indexOf('.', 4) > 0) {
      host = host.substring(4);
    }
    return host;
  }

  private static String port(String scheme, String port) {
    boolean usual =
        port == null
            || port.isEmpty()
            || port.equals(scheme.equalsIgnoreCase("https") ? "443" : "80");
    return usual ? "" : ":" + port;
  }

  /** Escapes of what needs none are opened, the others are written in capitals. */
  private static String unescaped(String text) {
    return ESCAPED
        .matcher(text)
        .replaceAll(
            escaped -> {
              int value = Integer.parseInt(escaped.group(1), 16);
              boolean plain =
                  value < 128 && (Character.isLetterOrDigit(value) || "-._~".indexOf(value) >= 0);
              return plain
                  ? String.valueOf((char) value)
                  : escaped.group().toUpperCase(Locale.ROOT);
            });
  }
}
