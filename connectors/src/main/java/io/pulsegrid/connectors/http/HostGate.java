package io.pulsegrid.connectors.http;

import java.util.Optional;

/**
 * A guard that leaves a silent host alone for a while, so that nobody waits for it again and again.
 * Safe for use by many threads.
 */
public interface HostGate {
  /** A gate that is always open. */
  HostGate OPEN = _ -> Optional.of(new Pass() {});

  /** Leave to ask a host; empty while it is left alone. Each pass is told once how it went. */
  Optional<Pass> enter(String host);

  /** Leave to ask once. */
  interface Pass {
    /** The host answered, whatever it said. */
    default void answered() {}

    /** The host could not be reached or did not finish in time. */
    default void silent() {}

    /** The visit was called off before that could be told. */
    default void calledOff() {}
  }
}
