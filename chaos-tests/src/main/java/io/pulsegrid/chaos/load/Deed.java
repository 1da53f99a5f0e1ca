package io.pulsegrid.chaos.load;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * One thing that a client wanted done, over all of its tries.
 *
 * @param refusals why each try that failed did, in order
 * @param done whether it was done in the end
 */
public record Deed(Kind kind, Instant began, Duration took, List<String> refusals, boolean done) {
  /** Longer than this, a client that was refused has noticed. */
  private static final Duration NOTICED = Duration.ofSeconds(2);

  /** Longer than this is a standstill, though nobody refused anything. */
  private static final Duration STANDSTILL = Duration.ofSeconds(5);

  /** What kinds of things are done. */
  public enum Kind {
    IMPORT,
    SCHEDULE,
    SEARCH
  }

  public Deed {
    refusals = List.copyOf(refusals);
  }

  public Instant ended() {
    return began.plus(took);
  }

  /** Whether its client waited noticeably, or in vain. */
  public boolean heldUp() {
    return !done
        || took.compareTo(STANDSTILL) > 0
        || (!refusals.isEmpty() && took.compareTo(NOTICED) > 0);
  }
}
