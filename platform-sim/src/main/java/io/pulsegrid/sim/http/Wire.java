package io.pulsegrid.sim.http;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** How a reply is put on the wire of the JDK's server. */
public final class Wire {
  private static final int NO_BODY = -1;
  private static final int CHUNKED = 0;

  private Wire() {}

  /** Sends a reply and ends the exchange; a {@link Reply.HangUp} closes the connection instead. */
  public static void send(HttpExchange exchange, Reply reply) throws IOException {
    try (exchange) {
      switch (reply) {
        case Reply.Whole whole -> send(exchange, whole);
        case Reply.Stream stream -> send(exchange, stream);
        // closing before any header went out closes the connection
        case Reply.HangUp() -> {}
      }
    }
  }

  private static void send(HttpExchange exchange, Reply.Whole whole) throws IOException {
    setHeaders(exchange, whole.headers());
    byte[] body = whole.body().getBytes(StandardCharsets.UTF_8);
    if (body.length == 0 || isHead(exchange)) {
      exchange.sendResponseHeaders(whole.status(), NO_BODY);
      return;
    }
    exchange.sendResponseHeaders(whole.status(), body.length);
    exchange.getResponseBody().write(body);
  }

  private static void send(HttpExchange exchange, Reply.Stream stream) throws IOException {
    setHeaders(exchange, stream.headers());
    if (isHead(exchange)) {
      exchange.sendResponseHeaders(stream.status(), NO_BODY);
      return;
    }
    exchange.sendResponseHeaders(stream.status(), CHUNKED);
    try (OutputStream out = exchange.getResponseBody()) {
      stream.writing().writeTo(out);
    }
  }

  private static void setHeaders(HttpExchange exchange, Map<String, String> headers)
      throws IOException {
    // The server keeps a connection alive only when the request's body was opened and drained.
    exchange.getRequestBody().close();
    headers.forEach(exchange.getResponseHeaders()::set);
  }

  private static boolean isHead(HttpExchange exchange) {
    return exchange.getRequestMethod().equals("HEAD");
  }
}
