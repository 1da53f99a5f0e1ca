package io.pulsegrid.node.grid;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.node.grid.ExpectedSize.Size;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.ignite.cluster.ClusterNode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this node knows of the grid's expected size, and whether the nodes it sees are enough to
 * write. The size is raised by whoever sees more nodes than it says, and lowered only by a drain;
 * while the store is away the last known one holds. A grid of one node is held in the store: two
 * nodes that cannot reach each other, as where nobody set their addresses, would else both be the
 * majority of one. Safe for use by many threads.
 */
public final class Membership {
  private static final Logger log = LoggerFactory.getLogger(Membership.class);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(20);
  private static final int LOOKS = 500;
  private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

  private final ExpectedSize store;
  private final String node;

  /**
   * Nodes that leave for good. Written before a size without them, so that none counts beyond it.
   */
  private volatile Set<UUID> leaving = Set.of();

  private volatile Size known;

  private volatile boolean refused;

  private final Object agreement = new Object();

  /** The nodes that took part in the grid's last common change, this one among them. */
  @GuardedBy("agreement")
  private Set<UUID> agreed = Set.of();

  /** The node that held a grid of one when this one last asked, where it was none that it sees. */
  private volatile @Nullable String holder;

  /**
   * Reads the size, before the node joins: from then on it knows what a majority is.
   *
   * @param node its consistent id, the same after a restart: a node that crashed does not wait for
   *     itself
   */
  public Membership(ExpectedSize store, String node) {
    this.store = store;
    this.node = node;
    known = store.read();
  }

  /** The size as last read. */
  public Size expected() {
    return known;
  }

  /**
   * Whether these nodes are the majority of those that should be there. A node that is being
   * drained is none of them: cut off on its way out, it would be one too many on its side.
   */
  public boolean isMajority(Collection<ClusterNode> nodes) {
    int majority = known.majority();
    Set<UUID> gone = leaving;
    return count(nodes, id -> !gone.contains(id)) >= majority && rival(nodes).isEmpty();
  }

  /** What {@link #isMajority} says, on behalf of Ignite, which goes by it until it asks again. */
  boolean answer(Collection<ClusterNode> nodes) {
    boolean majority = isMajority(nodes);
    refused = !majority;
    synchronized (agreement) {
      agreed = servers(nodes);
      agreement.notifyAll();
    }
    return majority;
  }

  /**
   * Returns once this node may write down what it holds of the grid: when the nodes that it sees
   * are the majority, and all of them took part in the grid's last change. A node that was cut off
   * has held entries as the only one since the moment it lost sight of the others, stamped later
   * than what they go on to write: for as long as it sees some of them it may take itself for the
   * majority, but with those it cannot reach it never agrees on anything. Waits up to ten seconds
   * for a change that is under way.
   *
   * @param seen the nodes that this node sees, asked again and again
   * @throws PulsegridException {@code UNAVAILABLE} if they are not the majority, or do not agree
   */
  public void requireAgreement(Supplier<Collection<ClusterNode>> seen) {
    for (int look = 0; look < LOOKS; look++) {
      Collection<ClusterNode> nodes = seen.get();
      if (!isMajority(nodes)) {
        throw PulsegridException.unavailable(
            "this node lacks the majority of the grid and stores nothing", RETRY_AFTER);
      }
      synchronized (agreement) {
        if (servers(nodes).equals(agreed)) {
          return;
        }
        try {
          // Not only for an answer: the nodes that are seen may change without one.
          agreement.wait(LOOK_AGAIN.toMillis());
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          break;
        }
      }
    }
    throw PulsegridException.unavailable(
        "the grid's nodes have not agreed who is there yet; nothing is stored", RETRY_AFTER);
  }

  private static Set<UUID> servers(Collection<ClusterNode> nodes) {
    return nodes.stream()
        .filter(node -> !node.isClient())
        .map(ClusterNode::id)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Whether Ignite was told last that this node is not among the majority. */
  boolean refused() {
    return refused;
  }

  /** The node that holds this grid of one, where it is none of these. */
  Optional<String> rival(Collection<ClusterNode> nodes) {
    String other = holder;
    return other == null || ids(nodes).contains(other) ? Optional.empty() : Optional.of(other);
  }

  private static Set<String> ids(Collection<ClusterNode> nodes) {
    return nodes.stream()
        .map(seen -> seen.consistentId().toString())
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Of those that stay alone: one that is leaving would leave its hold behind. */
  private void hold(Collection<ClusterNode> nodes, Predicate<UUID> stays) {
    Set<String> staying = ids(nodes.stream().filter(seen -> stays.test(seen.id())).toList());
    holder =
        known.nodes() == 1 && staying.contains(node)
            ? store.hold(node, ids(nodes)).orElse(null)
            : null;
  }

  /**
   * Reads the size anew, and raises it to the nodes that are here.
   *
   * @param stays whether a node counts: one that is being drained does not
   */
  public void refresh(Collection<ClusterNode> nodes, Predicate<UUID> stays) {
    try {
      // Read before counting: a drain in between changes the version, and the raise is refused.
      Size now = readNow(nodes, stays);
      hold(nodes, stays);
      if (rival(nodes).isPresent()) {
        return;
      }
      int here = count(nodes, stays);
      if (here > now.nodes() && store.change(now, here)) {
        log.info("The grid has {} nodes from now on, {} before", here, now.nodes());
        known = new Size(here, now.version() + 1);
      }
    } catch (PulsegridException e) {
      log.debug("The store does not tell the grid's size; {} nodes it stays", known.nodes(), e);
    }
  }

  /**
   * Lowers the size to {@code nodes}.
   *
   * @return whether it was this node that did
   */
  boolean lower(Size from, int nodes) {
    boolean lowered = store.change(from, nodes);
    if (lowered) {
      known = new Size(nodes, from.version() + 1);
    }
    return lowered;
  }

  /**
   * The size that the store says now.
   *
   * @param stays whether one of the nodes that are here counts
   */
  Size readNow(Collection<ClusterNode> nodes, Predicate<UUID> stays) {
    Size now = store.read();
    leaving =
        nodes.stream()
            .map(ClusterNode::id)
            .filter(stays.negate())
            .collect(Collectors.toUnmodifiableSet());
    known = now;
    return now;
  }

  static int count(Collection<ClusterNode> nodes, Predicate<UUID> counted) {
    return (int) nodes.stream().filter(node -> !node.isClient() && counted.test(node.id())).count();
  }
}
