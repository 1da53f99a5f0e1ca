package io.pulsegrid.sim;

import java.time.InstantSource;

/**
 * How a stand-in is set up.
 *
 * @param host the address it listens on
 * @param port 0 for any that is free
 * @param seed which world it makes up
 * @param clock the time by which that world goes on
 */
public record SimOptions(String host, int port, long seed, InstantSource clock) {
  private static final long DEFAULT_SEED = 20_260_101;

  public SimOptions {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port must be 0 to 65535, was " + port);
    }
  }

  /** On this machine only, by the system's clock. */
  public static SimOptions local(int port) {
    return new SimOptions("127.0.0.1", port, DEFAULT_SEED, InstantSource.system());
  }

  /** The same by another clock. */
  public SimOptions withClock(InstantSource other) {
    return new SimOptions(host, port, seed, other);
  }

  /** The same on another port. */
  public SimOptions onPort(int other) {
    return new SimOptions(host, other, seed, clock);
  }

  /** The same on another address. */
  public SimOptions onHost(String other) {
    return new SimOptions(other, port, seed, clock);
  }
}
