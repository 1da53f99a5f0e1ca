package io.pulsegrid.sim.http;

import java.util.Map;

/** Answers that a client has already: told by an ETag of their body. */
public final class Unchanged {
  private Unchanged() {}

  /** The same with its ETag, or 304 where the client names that. */
  public static Reply.Whole orWhole(Request request, Reply.Whole reply) {
    String tag = "W/\"%08x%x\"".formatted(reply.body().hashCode(), reply.body().length());
    Map<String, String> headers = Map.of("ETag", tag);
    return request.header("If-None-Match").filter(tag::equals).isPresent()
        ? Reply.empty(304).with(headers)
        : reply.with(headers);
  }
}
