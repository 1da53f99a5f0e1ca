package io.pulsegrid.connectors.listen;

import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An address of an API in its parts.
 *
 * @param base scheme, authority and what stands before the API's own paths; no slash at its end
 * @param path below the base, as it is written; empty or with a slash before it
 * @param query the parameters by name, decoded; of one that stands twice the first
 */
record Address(String base, String path, Map<String, String> query) {
  /**
   * Takes an address apart.
   *
   * @param start finds where the API's own path begins, as in {@code /api/v1/}; where it finds
   *     nothing, all of the path belongs to the base
   */
  static Address of(URI url, Pattern start) {
    String path = url.getRawPath() == null ? "" : url.getRawPath();
    Matcher matcher = start.matcher(path);
    int cut = matcher.find() ? matcher.start() : path.length();
    String before = path.substring(0, cut);
    return new Address(
        url.getScheme() + "://" + url.getRawAuthority() + withoutSlash(before),
        withoutSlash(path.substring(cut)),
        parameters(url.getRawQuery()));
  }

  private static String withoutSlash(String path) {
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }

  private static Map<String, String> parameters(@Nullable String query) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String pair : query == null || query.isEmpty() ? new String[0] : query.split("&", -1)) {
      int equals = pair.indexOf('=');
      String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
      parameters.putIfAbsent(name, equals < 0 ? "" : decoded(pair.substring(equals + 1)));
    }
    return parameters;
  }

  static String decoded(String part) {
    try {
      return URLDecoder.decode(part, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException notEncoded) {
      return part;
    }
  }

  /** The host, and the port where one is given. */
  String authority() {
    return URI.create(base).getRawAuthority();
  }

  Optional<String> parameter(String name) {
    return Optional.ofNullable(query.get(name)).filter(value -> !value.isBlank());
  }

  /** The same at another path below the base, without parameters. */
  Address at(String otherPath) {
    return new Address(base, otherPath, Map.of());
  }

  Address with(String name, Object value) {
    Map<String, String> more = new LinkedHashMap<>(query);
    more.put(name, String.valueOf(value));
    return new Address(base, path, more);
  }

  /** The same with a parameter where it has none. */
  Address usually(String name, Object value) {
    return query.containsKey(name) ? this : with(name, value);
  }

  Address without(Set<String> names) {
    Map<String, String> fewer = new LinkedHashMap<>(query);
    fewer.keySet().removeAll(names);
    return new Address(base, path, fewer);
  }

  URI uri() {
    List<String> pairs = new ArrayList<>();
    query.forEach((name, value) -> pairs.add(encoded(name) + "=" + encoded(value)));
    return URI.create(base + path + (pairs.isEmpty() ? "" : "?" + String.join("&", pairs)));
  }

  static String encoded(String part) {
    return URLEncoder.encode(part, StandardCharsets.UTF_8);
  }
}
