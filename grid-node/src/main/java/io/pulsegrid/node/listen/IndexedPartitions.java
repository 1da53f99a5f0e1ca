package io.pulsegrid.node.listen;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.BitSet;

/**
 * The partitions of posts that this node's index can answer for. A partition that the node holds
 * counts once its copy and the index have been compared; one that moved away is still answered, as
 * a last resort, until those that hold it now have indexed it.
 */
final class IndexedPartitions {
  private final Object lock = new Object();

  @GuardedBy("lock")
  private BitSet held = new BitSet();

  @GuardedBy("lock")
  private final BitSet complete = new BitSet();

  @GuardedBy("lock")
  private final BitSet left = new BitSet();

  /**
   * Takes note of what the node holds now.
   *
   * @return whether that is anything else than before
   */
  boolean hold(BitSet now) {
    synchronized (lock) {
      if (now.equals(held)) {
        return false;
      }
      BitSet gone = copy(complete);
      gone.andNot(now);
      left.or(gone);
      left.andNot(now);
      complete.and(now);
      held = copy(now);
      return true;
    }
  }

  /** Says that the index has everything of a partition that is held. */
  void completed(int partition) {
    synchronized (lock) {
      if (held.get(partition)) {
        complete.set(partition);
      }
    }
  }

  /** Says that nothing of some partitions is in the index any more. */
  void forgotten(BitSet partitions) {
    synchronized (lock) {
      left.andNot(partitions);
    }
  }

  /** Those held. */
  BitSet held() {
    synchronized (lock) {
      return copy(held);
    }
  }

  /** Those held and indexed. */
  BitSet complete() {
    synchronized (lock) {
      return copy(complete);
    }
  }

  /** Those that moved away and are in the index still. */
  BitSet left() {
    synchronized (lock) {
      return copy(left);
    }
  }

  /** Those of {@code asked} that can be answered; with those that moved away if nobody else can. */
  BitSet answerable(BitSet asked, boolean lastResort) {
    synchronized (lock) {
      BitSet answered = copy(complete);
      if (lastResort) {
        answered.or(left);
      }
      answered.and(asked);
      return answered;
    }
  }

  private static BitSet copy(BitSet of) {
    return (BitSet) of.clone();
  }
}
