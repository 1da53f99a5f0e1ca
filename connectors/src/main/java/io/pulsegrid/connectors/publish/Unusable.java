package io.pulsegrid.connectors.publish;

import java.io.IOException;

/** An answer that does not say what was asked for. */
final class Unusable extends IOException {
  private static final long serialVersionUID = 1L;

  Unusable(String detail) {
    super(detail);
  }
}
