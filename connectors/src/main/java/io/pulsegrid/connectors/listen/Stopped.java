package io.pulsegrid.connectors.listen;

import io.pulsegrid.core.source.Collector.Result;

/** Ends a visit before its time with what is to be said of it; never leaves this package. */
final class Stopped extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Result result;

  Stopped(Result result) {
    super(result.toString(), null, false, false);
    this.result = result;
  }

  Result result() {
    return result;
  }
}
