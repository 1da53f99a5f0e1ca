package io.pulsegrid.sim.http;

import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** What goes back to a client. */
public sealed interface Reply {

  /** An answer whose body is known. */
  record Whole(int status, Map<String, String> headers, String body) implements Reply {
    public Whole {
      headers = Map.copyOf(headers);
    }

    /** The same with more headers. */
    public Whole with(Map<String, String> more) {
      Map<String, String> all = new LinkedHashMap<>(headers);
      all.putAll(more);
      return new Whole(status, all, body);
    }

    /** The same without headers, but for the body's type. */
    public Whole bare() {
      Map<String, String> type = new LinkedHashMap<>(headers);
      type.keySet().retainAll(Set.of("Content-Type"));
      return new Whole(status, type, body);
    }

    /** The same with one more header. */
    public Whole with(String name, String value) {
      return with(Map.of(name, value));
    }
  }

  /** An answer that is written while it is made, and may never end. */
  record Stream(int status, Map<String, String> headers, Writing writing) implements Reply {
    public Stream {
      headers = Map.copyOf(headers);
    }
  }

  /** No answer: the connection is closed. */
  record HangUp() implements Reply {}

  /** Something that writes a body. */
  @FunctionalInterface
  interface Writing {
    void writeTo(OutputStream out) throws IOException;
  }

  static Whole json(int status, JsonNode body) {
    return text(status, "application/json; charset=utf-8", body.toString());
  }

  static Whole text(int status, String contentType, String body) {
    return new Whole(status, Map.of("Content-Type", contentType), body);
  }

  /** An answer without a body. */
  static Whole empty(int status) {
    return new Whole(status, Map.of(), "");
  }
}
