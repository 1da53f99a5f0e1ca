package io.pulsegrid.node.grid;

import java.time.Duration;
import java.util.Collection;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.ignite.cluster.ClusterNode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a node out that has seen fewer than the majority for 30 seconds, freshly started or not: it
 * comes back to the grid that lives, since two grids never merge by themselves. Ignite asks {@link
 * Quorum} only when nodes come or go. So a node goes after 3 seconds that was the majority with the
 * very nodes that it still sees, and is told that others, out of its sight, are the grid by now: it
 * would write on. And one goes that is the majority, while what Ignite was told last stays no: it
 * would never write. Run it every second.
 */
public final class MajorityWatch implements Runnable {
  /** How long a node waits for the others. */
  public static final Duration PATIENCE = Duration.ofSeconds(30);

  /** How long it waits for nodes that it may just not see yet. */
  static final Duration UNSEEN_PATIENCE = Duration.ofSeconds(3);

  /** By then Ignite has asked once more, as it does when the baseline follows the nodes. */
  static final Duration REFUSED_PATIENCE = Duration.ofSeconds(10);

  private static final Logger log = LoggerFactory.getLogger(MajorityWatch.class);

  private final Membership membership;
  private final Departure departure;
  private final Supplier<Collection<ClusterNode>> nodes;
  private final Predicate<UUID> stays;
  private final LongSupplier monotonicNanos;
  private final Executor asking;
  private final AtomicBoolean asked = new AtomicBoolean();
  private Set<UUID> lastMajority = Set.of();
  private int lastExpected;
  private long refusedSinceNanos = Long.MIN_VALUE;
  private boolean below;
  private long belowSinceNanos;

  /**
   * A watch that has seen nothing yet.
   *
   * @param nodes who is there
   * @param stays whether a node counts for the expected size
   * @param asking where the store is asked for the size: one that hangs, as behind a cut, must not
   *     keep a node that is cut off as well from leaving
   */
  public MajorityWatch(
      Membership membership,
      Departure departure,
      Supplier<Collection<ClusterNode>> nodes,
      Predicate<UUID> stays,
      LongSupplier monotonicNanos,
      Executor asking) {
    this.membership = membership;
    this.departure = departure;
    this.nodes = nodes;
    this.stays = stays;
    this.monotonicNanos = monotonicNanos;
    this.asking = asking;
  }

  @Override
  public void run() {
    try {
      look();
    } catch (RuntimeException e) {
      // Thrown on, it would end the watch for good; Ignite answers nobody while it stops.
      log.debug("The grid's nodes could not be looked at", e);
    }
  }

  private void refresh() {
    try {
      membership.refresh(nodes.get(), stays);
    } catch (RuntimeException e) {
      log.debug("The grid's size could not be asked for", e);
    } finally {
      asked.set(false);
    }
  }

  private void look() {
    Collection<ClusterNode> here = nodes.get();
    if (asked.compareAndSet(false, true)) {
      asking.execute(this::refresh);
    }
    long now = monotonicNanos.getAsLong();
    int count = Membership.count(here, _ -> true);
    int expected = membership.expected().nodes();
    if (membership.isMajority(here)) {
      leaveIfRefused(now);
      lastMajority = ids(here);
      lastExpected = expected;
      if (below) {
        log.info("The majority is there again: {} of {} nodes", count, expected);
      }
      below = false;
    } else if (!below) {
      below = true;
      belowSinceNanos = now;
      refusedSinceNanos = Long.MIN_VALUE;
      log.warn(
          "{}: if it stays so this node exits in {} s",
          reason(here, count, expected),
          patience(here, expected).toSeconds());
    } else if (now - belowSinceNanos >= patience(here, expected).toNanos()) {
      departure.leave(ExitCode.NO_MAJORITY, reason(here, count, expected));
    }
  }

  private String reason(Collection<ClusterNode> here, int count, int expected) {
    return membership
        .rival(here)
        .map(MajorityWatch::unreached)
        .orElse(
            "This node sees %d of %d nodes, fewer than the majority, and writes nothing"
                .formatted(count, expected));
  }

  private Duration patience(Collection<ClusterNode> here, int expected) {
    boolean others = expected > lastExpected || membership.rival(here).isPresent();
    return others && ids(here).equals(lastMajority) ? UNSEEN_PATIENCE : PATIENCE;
  }

  private void leaveIfRefused(long now) {
    if (!membership.refused()) {
      refusedSinceNanos = Long.MIN_VALUE;
    } else if (refusedSinceNanos == Long.MIN_VALUE) {
      refusedSinceNanos = now;
    } else if (now - refusedSinceNanos >= REFUSED_PATIENCE.toNanos()) {
      departure.leave(
          ExitCode.NO_MAJORITY, "The majority is here, and the grid goes on to take no writes");
    }
  }

  private static Set<UUID> ids(Collection<ClusterNode> nodes) {
    return nodes.stream().map(ClusterNode::id).collect(Collectors.toUnmodifiableSet());
  }

  private static String unreached(String other) {
    return "Node "
        + other
        + " works on the same store and cannot be reached from here; pulsegrid.grid.host and"
        + " pulsegrid.grid.addresses tell nodes of several machines of each other";
  }
}
