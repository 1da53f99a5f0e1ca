package io.pulsegrid.node.grid.security;

import org.apache.ignite.lang.IgniteRunnable;

/** A job that does nothing, but goes to another node for it. */
final class Nothing implements IgniteRunnable {
  private static final long serialVersionUID = 1L;

  @Override
  public void run() {}
}
