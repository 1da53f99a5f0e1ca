package io.pulsegrid.node.grid;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import javax.cache.CacheException;
import org.apache.ignite.Ignite;
import org.apache.ignite.IgniteException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leaving in good order: a node goes when every partition that it holds has another owner, and one
 * node at a time, so that the partitions of two that leave at once are not lost between them. The
 * node serves the grid as ever until then.
 */
public final class Handover {
  private static final Logger log = LoggerFactory.getLogger(Handover.class);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(250);

  private final Ignite ignite;
  private final NodeDirectory directory;
  private final LongSupplier monotonicNanos;
  private final Pause pause;

  /** Waits. */
  @FunctionalInterface
  public interface Pause {
    void of(Duration time) throws InterruptedException;
  }

  public Handover(
      Ignite ignite, NodeDirectory directory, LongSupplier monotonicNanos, Pause pause) {
    this.ignite = ignite;
    this.directory = directory;
    this.monotonicNanos = monotonicNanos;
    this.pause = pause;
  }

  /**
   * Waits until this node may go.
   *
   * @param limit after which it goes anyway: what is lost with it is read from Postgres again
   * @param calledOff whether the whole grid stops, so that nobody is there to take over
   * @return whether everything it holds is elsewhere
   */
  public boolean await(Duration limit, BooleanSupplier calledOff) {
    long begun = monotonicNanos.getAsLong();
    try {
      directory.announce("leaving");
      while (!calledOff.getAsBoolean() && ignite.cluster().forServers().nodes().size() > 1) {
        if (directory.takeTurnToLeave() && isElsewhere()) {
          log.info("Other nodes hold all that this one held, after {} ms", millisSince(begun));
          return true;
        }
        if (monotonicNanos.getAsLong() - begun > limit.toNanos()) {
          log.warn(
              "Other nodes do not hold all that this one holds after {}; it leaves all the same, and"
                  + " what they lack is loaded from Postgres",
              limit);
          return false;
        }
        pause.of(LOOK_AGAIN);
      }
    } catch (CacheException | IgniteException | IllegalStateException e) {
      // Without a majority, or without a grid: waiting longer changes nothing.
      log.warn("This node cannot hand over what it holds: {}", e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return false;
  }

  private boolean isElsewhere() {
    UUID own = ignite.cluster().localNode().id();
    Set<Long> held = new HashSet<>();
    Set<Long> elsewhere = new HashSet<>();
    PartitionOwners.of(ignite)
        .forEach((partition, owner) -> (own.equals(owner) ? held : elsewhere).add(partition));
    held.removeAll(elsewhere);
    log.debug("{} partitions are on this node alone", held.size());
    return held.isEmpty();
  }

  private long millisSince(long nanos) {
    return (monotonicNanos.getAsLong() - nanos) / 1_000_000;
  }
}
