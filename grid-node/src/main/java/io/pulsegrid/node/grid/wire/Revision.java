package io.pulsegrid.node.grid.wire;

/**
 * Which of two copies of an entry is the later one.
 *
 * @param epoch rises whenever the writer of a partition may have changed, and never repeats
 * @param number rises by one with each change within an epoch
 */
public record Revision(long epoch, long number) implements Comparable<Revision> {
  /** Before the first change. */
  public static final Revision NONE = new Revision(0, 0);

  /** The revision of a change made in {@code currentEpoch}. */
  public Revision next(long currentEpoch) {
    return currentEpoch > epoch ? new Revision(currentEpoch, 1) : new Revision(epoch, number + 1);
  }

  @Override
  public int compareTo(Revision other) {
    int byEpoch = Long.compare(epoch, other.epoch);
    return byEpoch != 0 ? byEpoch : Long.compare(number, other.number);
  }
}
