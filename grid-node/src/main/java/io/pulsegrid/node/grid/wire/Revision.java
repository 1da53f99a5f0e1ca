package io.pulsegrid.node.grid.wire;

/**
 * Which of two copies of an entry is the later one. No two nodes ever give the same revision to two
 * contents: the number holds the writer in its low bits.
 *
 * @param epoch rises whenever the writer of a partition may have changed, and never repeats
 * @param number rises with each change within an epoch; its low bits are the writer's
 */
public record Revision(long epoch, long number) implements Comparable<Revision> {
  /** Before the first change. */
  public static final Revision NONE = new Revision(0, 0);

  private static final int WRITER_BITS = 20;
  private static final long WRITER = (1L << WRITER_BITS) - 1;

  /** The revision of the next change; later than this one, whatever the stamp. */
  public Revision next(Stamp stamp) {
    // A stamp of an earlier epoch, from a node that is behind, goes on within the later one.
    long changes = stamp.epoch() > epoch ? 0 : number >>> WRITER_BITS;
    return new Revision(
        Math.max(epoch, stamp.epoch()), ((changes + 1) << WRITER_BITS) | (stamp.writer() & WRITER));
  }

  /** The later of two. */
  public Revision orLater(Revision other) {
    return compareTo(other) >= 0 ? this : other;
  }

  @Override
  public int compareTo(Revision other) {
    int byEpoch = Long.compare(epoch, other.epoch);
    return byEpoch != 0 ? byEpoch : Long.compare(number, other.number);
  }
}
