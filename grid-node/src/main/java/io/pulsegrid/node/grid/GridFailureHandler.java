package io.pulsegrid.node.grid;

import org.apache.ignite.Ignite;
import org.apache.ignite.failure.AbstractFailureHandler;
import org.apache.ignite.failure.FailureContext;
import org.apache.ignite.failure.FailureType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a node out when its grid part cannot go on, or when the grid has cut it off. Ignite's own
 * halts the JVM with 130, which gives up every call that is under way.
 */
final class GridFailureHandler extends AbstractFailureHandler {
  private static final Logger log = LoggerFactory.getLogger(GridFailureHandler.class);

  private final Departure departure;

  GridFailureHandler(Departure departure) {
    this.departure = departure;
  }

  /** True: Ignite then refuses every use of this node's caches. */
  @Override
  protected boolean handle(Ignite ignite, FailureContext failure) {
    if (failure.type() == FailureType.SEGMENTATION) {
      departure.leave(ExitCode.GRID_FAILED, "The grid has cut this node off");
    } else {
      log.error("The grid part of this node failed: {}", failure.type(), failure.error());
      departure.leave(ExitCode.GRID_FAILED, "The grid part of this node failed");
    }
    return true;
  }
}
