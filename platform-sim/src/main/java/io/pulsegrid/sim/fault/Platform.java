package io.pulsegrid.sim.fault;

import io.pulsegrid.sim.http.Reply;
import io.pulsegrid.sim.http.Request;
import java.time.Instant;
import java.util.Set;

/** A platform as its door knows it. Safe for use by many threads. */
public interface Platform {
  /** Its name, and with a slash before it its mount. */
  String name();

  /** Everything {@link #operation} may say. */
  Set<String> operations();

  /** What a request asks for, as faults name it. Reads no body. */
  String operation(Request request);

  /** The account a request speaks for; empty when it speaks for none. Reads no body. */
  String account(Request request);

  /** Handles a request. */
  Reply answer(Request request);

  /** Ends the token of a request, for good. Reads no body. */
  default void expire(Request request) {}

  /** Its way to say "too many requests". */
  Reply.Whole throttled(Instant reset);

  /** Its way to say that something is wrong. */
  Reply failure(int status, String message);
}
