package io.pulsegrid.connectors.http;

import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/**
 * What a platform answered, read to its end.
 *
 * @param json the body; a missing node where it is no JSON
 */
public record Heard(int status, HttpHeaders headers, JsonNode json) {
  /** What an answer holds. */
  public static Heard of(HttpResponse<byte[]> response) {
    return of(response.statusCode(), response.headers(), response.body());
  }

  static Heard of(int status, HttpHeaders headers, byte[] body) {
    return new Heard(status, headers, json(body));
  }

  /** Whether the platform says that it did what it was asked to. */
  public boolean ok() {
    return status >= 200 && status < 300;
  }

  /** The first value of a header. */
  public Optional<String> header(String name) {
    return headers.firstValue(name);
  }

  /** The text at a JSON pointer; empty if there is none. */
  public String text(String pointer) {
    return json.at(pointer).asString("");
  }

  private static JsonNode json(byte[] body) {
    try {
      return JsonMapper.shared().readTree(body);
    } catch (JacksonException broken) {
      return MissingNode.getInstance();
    }
  }
}
