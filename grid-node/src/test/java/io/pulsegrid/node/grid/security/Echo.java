package io.pulsegrid.node.grid.security;

import org.apache.ignite.services.Service;

/** A service that says what it hears. */
public final class Echo implements Service {
  private static final long serialVersionUID = 1L;

  /** How programs see it. */
  public interface Heard {
    byte[] call(byte[] said);
  }

  public byte[] call(byte[] said) {
    return said;
  }
}
