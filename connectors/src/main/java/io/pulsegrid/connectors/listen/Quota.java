package io.pulsegrid.connectors.listen;

import io.pulsegrid.connectors.limits.Told;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;

/**
 * Leave to call APIs within their limits, counted for everybody who calls in the same name. Safe
 * for use by many threads; may wait for a store.
 */
public interface Quota {
  /** One that holds nothing back. */
  Quota OPEN = (_, _) -> new Leave.Granted(_ -> {});

  /**
   * Leave for one call.
   *
   * @param longest how long the call can take: one that is never told to have ended counts as ended
   *     then
   */
  Leave ask(Bucket bucket, Duration longest);

  /**
   * What is counted together.
   *
   * @param kind of source, whose settings hold the limits
   * @param action one of the kind's limits by name, such as {@code search}
   * @param holder whom the platform counts: a server, and whoever calls it
   * @param patient whether the call can wait: it leaves half of each limit to those that cannot
   */
  record Bucket(String kind, String action, String holder, boolean patient) {}

  /** Whether a call may be made. */
  sealed interface Leave {
    /**
     * It may.
     *
     * @param ended to be told once, when the call has ended, what its answer says of the limit
     */
    record Granted(Consumer<Told> ended) implements Leave {}

    /** Not before {@code until}. */
    record Held(Instant until, String why) implements Leave {}
  }
}
