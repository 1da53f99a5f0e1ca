package io.pulsegrid.connectors.publish;

import io.pulsegrid.core.publish.Outcome;

/** A call that ended before its post could be sent; never leaves this package. */
final class Ended extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Outcome outcome;

  Ended(Outcome outcome) {
    super(outcome.detail(), null, false, false);
    this.outcome = outcome;
  }

  Outcome outcome() {
    return outcome;
  }
}
