package io.pulsegrid.node.grid;

import org.apache.ignite.Ignite;
import org.apache.ignite.failure.AbstractFailureHandler;
import org.apache.ignite.failure.FailureContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the process when its grid node cannot go on, with a documented code, so that whoever runs it
 * (launcher, compose, Kubernetes) starts it again. Ignite's own halts the JVM with 130 and says
 * nothing that an operator can act on.
 */
final class GridFailureHandler extends AbstractFailureHandler {
  /** The process's exit code after a failure of the grid node (sysexits' EX_SOFTWARE). */
  static final int EXIT_CODE = 70;

  private static final Logger log = LoggerFactory.getLogger(GridFailureHandler.class);

  private final ExitHook exit;

  /** What ends the process. */
  @FunctionalInterface
  interface ExitHook {
    void exit(int code);
  }

  GridFailureHandler(ExitHook exit) {
    this.exit = exit;
  }

  @Override
  protected boolean handle(Ignite ignite, FailureContext failure) {
    log.error(
        "the grid node failed ({}); exiting with {} to be started again: what was acknowledged is"
            + " in Postgres",
        failure.type(),
        EXIT_CODE,
        failure.error());
    exit.exit(EXIT_CODE);
    return true;
  }
}
