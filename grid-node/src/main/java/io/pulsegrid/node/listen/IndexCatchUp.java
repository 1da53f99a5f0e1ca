package io.pulsegrid.node.listen;

import io.pulsegrid.node.grid.CacheShapes;
import io.pulsegrid.node.grid.PostCaches;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.BitSet;
import java.util.function.BooleanSupplier;
import org.apache.ignite.Ignite;
import org.apache.ignite.cluster.ClusterNode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which partitions the index is to be compared with, and when: at once those that have come here,
 * all of them again when the nodes have changed, and one after the other for ever. What has moved
 * away stays until another node has indexed it, so that no search goes without. For one thread.
 */
final class IndexCatchUp {
  private static final Logger log = LoggerFactory.getLogger(IndexCatchUp.class);
  private static final Duration BETWEEN_SLOW_SWEEPS = Duration.ofMillis(200);

  /**
   * Each looks at every post of the index: of many it would take a fifth of the stage's time. So it
   * rests for so many times as long as it took.
   */
  private static final int REST = 50;

  private static final Duration LONGEST_REST = Duration.ofSeconds(10);

  private static final Duration BETWEEN_LOOKS_AWAY = Duration.ofSeconds(5);

  /** News told by the affinity of before a change has come in, or been lost, by then. */
  private static final Duration AFTER_A_CHANGE = Duration.ofSeconds(3);

  /** What is here on disk of partitions held before may be of use while they come back. */
  private static final Duration STRAYS_STAY = Duration.ofSeconds(60);

  private static final Duration TURN = Duration.ofMillis(250);

  private final Ignite ignite;
  private final IndexedElsewhere elsewhere;
  private final PostCaches caches;
  private final IndexSweep sweep;
  private final IndexedPartitions partitions;
  private final BooleanSupplier whole;
  private final InstantSource clock;
  private final BitSet again = new BitSet();
  private Instant againFrom = Instant.MAX;
  private Instant nextSlow = Instant.EPOCH;
  private Instant nextLookAway = Instant.EPOCH;
  private Instant straysFrom = Instant.MAX;
  private int slow;
  private boolean changed;

  /** Whether the index is true to every copy that the node held when it last looked. */
  private boolean caughtUp;

  private long mended;

  /**
   * A catch-up.
   *
   * @param whole whether all that Postgres has is in the grid: before, the index knows more
   */
  IndexCatchUp(
      Ignite ignite,
      PostCaches caches,
      IndexSweep sweep,
      IndexedPartitions partitions,
      BooleanSupplier whole,
      InstantSource clock) {
    this.ignite = ignite;
    elsewhere = new IndexedElsewhere(ignite);
    this.caches = caches;
    this.sweep = sweep;
    this.partitions = partitions;
    this.whole = whole;
    this.clock = clock;
  }

  /** Does what is due, for a moment; whether more is due at once. */
  boolean work() {
    Instant now = clock.instant();
    BitSet held = heldNow();
    if (partitions.hold(held)) {
      caughtUp = false;
      again.clear();
      again.or(held);
      againFrom = now.plus(AFTER_A_CHANGE);
      straysFrom = now.plus(STRAYS_STAY);
    }
    if (!whole.getAsBoolean()) {
      return false;
    }
    boolean more = sweepWhatIsNew(held, now) || sweepAgain(held, now);
    if (!more && !now.isBefore(nextSlow)) {
      nextSlow = now.plus(rest(sweepSlowly(held)));
    }
    if (!now.isBefore(nextLookAway)) {
      nextLookAway = now.plus(BETWEEN_LOOKS_AWAY);
      forgetWhatOthersHave();
      forgetStrays(held, now);
    }
    return more;
  }

  /**
   * How many of the partitions held here the index does not answer for yet. Safe for use by many
   * threads.
   */
  int lacking() {
    BitSet lacking = heldNow();
    lacking.andNot(partitions.complete());
    return lacking.cardinality();
  }

  /** Whether the index has changed since this was last asked. */
  boolean changedTheIndex() {
    boolean answer = changed;
    changed = false;
    return answer;
  }

  private BitSet heldNow() {
    BitSet held = new BitSet();
    ClusterNode here = ignite.cluster().localNode();
    for (int partition : caches.affinity().allPartitions(here)) {
      held.set(partition);
    }
    return held;
  }

  private boolean sweepWhatIsNew(BitSet held, Instant start) {
    BitSet lacking = (BitSet) held.clone();
    lacking.andNot(partitions.complete());
    for (int p = lacking.nextSetBit(0); p >= 0; p = lacking.nextSetBit(p + 1)) {
      if (sweep(p)) {
        partitions.completed(p);
        lacking.clear(p);
      }
      if (isOver(start)) {
        return true;
      }
    }
    if (lacking.isEmpty() && !caughtUp && !held.isEmpty()) {
      caughtUp = true;
      if (mended > 0) {
        log.info(
            "the index holds {} partitions now; {} posts were missing or outdated",
            held.cardinality(),
            mended);
        mended = 0;
      }
    }
    return false; // what is still on its way here is looked at after a rest
  }

  private boolean sweepAgain(BitSet held, Instant start) {
    if (start.isBefore(againFrom)) {
      return false;
    }
    for (int p = again.nextSetBit(0); p >= 0; p = again.nextSetBit(p + 1)) {
      again.clear(p);
      if (held.get(p)) {
        sweep(p);
      }
      if (isOver(start)) {
        return true;
      }
    }
    againFrom = Instant.MAX;
    return false;
  }

  /** Answers what it took. */
  private Duration sweepSlowly(BitSet held) {
    // Not by the clock, which may be set right meanwhile.
    long start = System.nanoTime();
    slow = held.nextSetBit(slow + 1);
    if (slow >= 0) {
      sweep(slow);
    }
    return Duration.ofNanos(System.nanoTime() - start);
  }

  private static Duration rest(Duration took) {
    Duration rest = took.multipliedBy(REST);
    if (rest.compareTo(BETWEEN_SLOW_SWEEPS) < 0) {
      return BETWEEN_SLOW_SWEEPS;
    }
    return rest.compareTo(LONGEST_REST) > 0 ? LONGEST_REST : rest;
  }

  private boolean sweep(int partition) {
    int found = sweep.sweep(partition);
    changed |= found > 0;
    mended += Math.max(0, found);
    return found >= 0;
  }

  private boolean isOver(Instant start) {
    return Duration.between(start, clock.instant()).compareTo(TURN) >= 0;
  }

  /** Takes out what an index on disk brought along of partitions that are not this node's now. */
  private void forgetStrays(BitSet held, Instant now) {
    if (caughtUp && !now.isBefore(straysFrom)) {
      straysFrom = Instant.MAX;
      BitSet strays = (BitSet) held.clone();
      strays.or(partitions.left());
      strays.flip(0, CacheShapes.PARTITIONS);
      sweep.forget(strays);
      changed = true;
    }
  }

  private void forgetWhatOthersHave() {
    BitSet left = partitions.left();
    if (left.isEmpty()) {
      return;
    }
    left.and(elsewhere.partitions());
    if (!left.isEmpty()) {
      // In this order: a search between the two finds the partition at its new home.
      partitions.forgotten(left);
      sweep.forget(left);
      changed = true;
    }
  }
}
