package io.pulsegrid.sim.http;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A request whose body is read only when somebody asks for it. Used by one thread. */
public final class Request {
  private static final int MAX_BODY_BYTES = 1 << 20;

  private final HttpExchange exchange;
  private final String mount;
  private final Map<String, List<String>> query;
  private byte @Nullable [] body;
  private @Nullable String ignored;

  /**
   * A request below {@code mount}.
   *
   * @throws RequestRefused when its address cannot be decoded
   */
  public Request(HttpExchange exchange, String mount) {
    this.exchange = exchange;
    this.mount = mount;
    this.query = decode(exchange.getRequestURI().getRawQuery());
  }

  public String method() {
    return exchange.getRequestMethod();
  }

  /** The path below the mount, such as {@code /api/v1/statuses}. */
  public String path() {
    String path = exchange.getRequestURI().getPath();
    return path.startsWith(mount) ? path.substring(mount.length()) : path;
  }

  /** Method, path and query as they were sent. */
  public String target() {
    return method() + " " + exchange.getRequestURI();
  }

  /** The address of the mount as the client wrote it. */
  public String base() {
    return "http://" + header("Host").orElse("localhost") + mount;
  }

  public Optional<String> query(String name) {
    return Optional.ofNullable(query.get(name)).map(List::getFirst);
  }

  /** The query, each name with its values, in their order. */
  public Map<String, List<String>> query() {
    return query;
  }

  public Optional<String> header(String name) {
    return name.equalsIgnoreCase(ignored)
        ? Optional.empty()
        : Optional.ofNullable(exchange.getRequestHeaders().getFirst(name));
  }

  /** Answers for the header from now on as if it had not been sent. */
  public void ignore(String header) {
    ignored = header;
  }

  /** The token of an {@code Authorization: Bearer} header. */
  public Optional<String> bearer() {
    return header("Authorization")
        .filter(value -> value.regionMatches(true, 0, "Bearer ", 0, 7))
        .map(value -> value.substring(7).strip())
        .filter(token -> !token.isEmpty());
  }

  /** The body as text; at most 1 MiB, else {@link RequestRefused}. */
  public String body() {
    byte[] bytes = body;
    if (bytes == null) {
      bytes = readBody();
      body = bytes;
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** The body's fields, when it is a form. */
  public Map<String, List<String>> form() {
    return decode(body());
  }

  /** The body as JSON; else {@link RequestRefused}. */
  public JsonNode json() {
    try {
      return JsonMapper.shared().readTree(body());
    } catch (JacksonException e) {
      throw new RequestRefused(400, "the body must be JSON: " + e.getOriginalMessage(), e);
    }
  }

  public boolean isJson() {
    return header("Content-Type").filter(type -> type.startsWith("application/json")).isPresent();
  }

  private byte[] readBody() {
    try {
      byte[] read = exchange.getRequestBody().readNBytes(MAX_BODY_BYTES + 1);
      if (read.length > MAX_BODY_BYTES) {
        throw new RequestRefused(413, "the body is over " + MAX_BODY_BYTES + " bytes");
      }
      return read;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, List<String>> decode(@Nullable String encoded) {
    Map<String, List<String>> fields = new LinkedHashMap<>();
    if (encoded == null || encoded.isEmpty()) {
      return fields;
    }
    for (String pair : encoded.split("&", -1)) {
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      String value = equals < 0 ? "" : pair.substring(equals + 1);
      fields.computeIfAbsent(decodePart(name), _ -> new ArrayList<>()).add(decodePart(value));
    }
    return fields;
  }

  private static String decodePart(String part) {
    try {
      return URLDecoder.decode(part, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new RequestRefused(400, "cannot decode " + part, e);
    }
  }
}
