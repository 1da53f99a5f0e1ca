package io.pulsegrid.node.store.ledger;

import io.pulsegrid.core.publish.Step;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A step to be written: guarded by the fence it was decided on, unless the platform itself has
 * spoken.
 *
 * @param fence the fence of the delivery that the step was decided on
 * @param step what the rules say
 * @param remote where it is on the platform; null if nothing is known
 * @param lastError what went wrong; null clears it
 * @param entry its line in the delivery's story
 */
public record Settlement(
    String delivery,
    long fence,
    Step step,
    @Nullable Remote remote,
    @Nullable String lastError,
    Entry entry) {

  /** A post on its platform. */
  public record Remote(String id, @Nullable String url) {}

  /**
   * A line of the story.
   *
   * @param event its id and that of the event it is told under, given before the write: a write
   *     repeated after a lost reply does nothing
   * @param kind what the entry's outcome reads as
   */
  public record Entry(
      String event,
      Instant startedAt,
      Instant endedAt,
      String node,
      Kind kind,
      int httpStatus,
      String detail) {}

  /** Where an entry comes from, and what that does to its guard. */
  public enum Kind {
    /** The platform said yes: settles whatever the fence. */
    ACCEPTED,
    REJECTED,
    THROTTLED,
    UNAUTHORIZED,
    TRANSIENT,
    AMBIGUOUS,
    /** The token was refused, and is renewed: the channel goes on. */
    EXPIRED,
    UNCALLED,
    PROBED,
    SWEPT,
    CONFIRMED,
    REDRIVEN,
    CANCELLED;

    /** Whether it is written into the story even if its step comes too late. */
    boolean alwaysTold() {
      return compareTo(UNCALLED) < 0;
    }
  }
}
