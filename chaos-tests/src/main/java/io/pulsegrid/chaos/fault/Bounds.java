package io.pulsegrid.chaos.fault;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a fault may cost at most, beyond that nothing is lost, doubled or too much. Null stands for
 * what is not bounded, because the fault itself keeps everybody from it.
 *
 * @param late how late a post goes out that was not armed when it struck, all but one in a hundred
 * @param armed how long beyond its lease a delivery stays ARMED
 * @param write how long a write is refused, whichever node is asked
 * @param search how long searches miss something; none of them fails then
 * @param clean after the healing, until {@code verify} is clean
 */
public record Bounds(
    @Nullable Duration late,
    @Nullable Duration armed,
    @Nullable Duration write,
    @Nullable Duration search,
    @Nullable Duration clean) {
  private static final Duration SHORT = Duration.ofSeconds(10);
  private static final Duration MINUTE = Duration.ofSeconds(60);

  /** Several faults together: each has its own, which nobody can tell apart. */
  static final Bounds NONE = new Bounds(null, null, null, null, null);

  /** Nobody is there to answer for a while. */
  static final Bounds ALL_AWAY = new Bounds(null, null, null, null, MINUTE);

  /** Writes and posts may have to wait, searches never. */
  static final Bounds SEARCHES_GO_ON = new Bounds(null, null, null, SHORT, MINUTE);

  /** One node is gone, and the others are not hindered. */
  static final Bounds OTHERS_GO_ON = new Bounds(SHORT, SHORT, SHORT, SHORT, MINUTE);

  /** Fewer than this have no majority without one of them. */
  private static final int LEAST_THAT_GO_ON = 3;

  /** The same in a grid of so many nodes. */
  public Bounds among(int nodes) {
    return nodes >= LEAST_THAT_GO_ON || equals(NONE) ? this : ALL_AWAY;
  }
}
