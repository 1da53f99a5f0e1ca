package io.pulsegrid.sim.fault;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** The ways in which a call can go wrong. */
public enum FaultKind {
  /** The connection is closed; nothing is handled. */
  REFUSE("refuse"),
  /** The call waits first and is handled late, even if its client has left by then. */
  DELAY("delay"),
  /** Handled at once, answered late. */
  CREATE_THEN_DELAY("create-then-delay"),
  /** Handled; then the connection is closed without an answer. */
  CREATE_THEN_CLOSE("create-then-close"),
  /** Handled; then answered as if the server had failed. */
  CREATE_THEN_500("create-then-500"),
  /** Handled; then answered as if the request had been wrong. */
  CREATE_THEN_400("create-then-400"),
  /**
   * Handled as if it had come without its idempotency key: one that the platform ignored, or that
   * it looked up for two calls at once.
   */
  FORGET_KEY("forget-key"),
  /** Answered with the platform's own throttling; nothing is handled. */
  THROTTLE("429"),
  /** The same without a header, as from a cache or a proxy. */
  THROTTLE_BARE("429-bare"),
  /** Answered as if the token had expired; nothing is handled. */
  EXPIRE("401"),
  /** The token that came with it has ended: refused, and refused again, until another comes. */
  END_TOKEN("expired"),
  /** Answered as a failed server; nothing is handled. */
  FAIL("500");

  private final String wire;

  FaultKind(String wire) {
    this.wire = wire;
  }

  /** The name that {@code POST /sim/faults} takes. */
  public String wire() {
    return wire;
  }

  static Optional<FaultKind> of(String wire) {
    return Arrays.stream(values()).filter(kind -> kind.wire.equals(wire)).findFirst();
  }

  static String known() {
    return Arrays.stream(values()).map(FaultKind::wire).collect(Collectors.joining(", "));
  }
}
