package io.pulsegrid.connectors.http;

import java.util.Optional;

/**
 * A guard that leaves a silent source alone for a while, so that nobody waits for it again and
 * again. Safe for use by many threads.
 */
public interface SourceGate {
  /** A gate that is always open. */
  SourceGate OPEN = _ -> Optional.of(new Pass() {});

  /** Leave to ask on behalf of a source; empty while it is left alone. Each pass is told once. */
  Optional<Pass> enter(String sourceId);

  /** Leave to ask once. */
  interface Pass {
    /** There was an answer, whatever it said. */
    default void answered() {}

    /** Nobody could be reached or finished in time. */
    default void silent() {}

    /** The visit was called off before that could be told. */
    default void calledOff() {}
  }
}
