package io.pulsegrid.node.grid;

import io.pulsegrid.core.failure.PulsegridException;
import java.time.Duration;
import java.util.Optional;
import javax.cache.CacheException;
import org.apache.ignite.IgniteCheckedException;
import org.apache.ignite.IgniteException;
import org.apache.ignite.IgniteIllegalStateException;
import org.apache.ignite.cluster.ClusterTopologyException;

/**
 * The grid that cannot answer just now, as callers are told: not now, come back. It is so while the
 * majority is missing, while a node that was asked has just died, and while this node leaves.
 */
public final class GridAway {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

  private GridAway() {}

  /**
   * What a failure of the grid's engine means to a caller; empty for a failure of another kind.
   * Whether a write was carried out is then not known, so every write of ours may be repeated.
   */
  public static Optional<PulsegridException> told(Throwable failure) {
    boolean engine = false;
    for (Throwable at = failure; at != null; at = at.getCause()) {
      if (at instanceof PulsegridException ours) {
        // Said on another node, and carried here by the engine.
        return Optional.of(ours);
      }
      engine |=
          at instanceof IgniteException
              || at instanceof IgniteCheckedException
              || at instanceof IgniteIllegalStateException
              || at instanceof CacheException;
    }
    return engine ? Optional.of(away(failure)) : Optional.empty();
  }

  private static PulsegridException away(Throwable failure) {
    String reason =
        failure instanceof ClusterTopologyException
            ? "a node of the grid left while it was asked"
            : "the grid cannot do this just now: too few of its nodes are here, or one just left";
    return PulsegridException.unavailable(reason + "; try again in a moment", RETRY_AFTER, failure);
  }
}
