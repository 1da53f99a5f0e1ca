package io.pulsegrid.node.grid;

import io.pulsegrid.core.failure.FailureCode;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.grid.Drainage;
import io.pulsegrid.node.grid.ExpectedSize.Size;
import java.util.Collection;
import java.util.UUID;
import java.util.function.Predicate;
import org.apache.ignite.Ignite;
import org.apache.ignite.IgniteCompute;
import org.apache.ignite.cluster.ClusterNode;
import org.apache.ignite.lang.IgniteRunnable;
import org.apache.ignite.resources.IgniteInstanceResource;
import org.jspecify.annotations.Nullable;

/** Takes nodes out of the grid for good: the only way to make it expect fewer. */
public final class Draining implements Drainage {
  private static final String KEY = "pulsegrid.draining";
  private static final int TRIES = 5;

  private final Ignite ignite;
  private final Membership membership;
  private final NodeDirectory directory;

  /**
   * Makes this node one that can be drained.
   *
   * @param leave ends this node in good order, when it is the one that is drained
   */
  public Draining(Ignite ignite, Membership membership, NodeDirectory directory, Runnable leave) {
    this.ignite = ignite;
    this.membership = membership;
    this.directory = directory;
    ignite.cluster().<String, Runnable>nodeLocalMap().put(KEY, leave);
  }

  @Override
  public int drain(UUID id) {
    ClusterNode node = ignite.cluster().node(id);
    if (node == null || node.isClient()) {
      throw PulsegridException.notFound("node", id.toString());
    }
    IgniteCompute there = ignite.compute(ignite.cluster().forNode(node));
    // Asked first: one that cannot go yet must go on being counted.
    there.run(new LeaveJob(false));
    if (directory.markDrained(id)) {
      // A crash in here leaves a node that counts no more, of a size that still counts it: too many
      // are waited for, never too few. drain --expect says how many there are.
      try {
        lower(id);
      } catch (RuntimeException e) {
        directory.unmarkDrained(id);
        throw e;
      }
    }
    // A crash before this leaves a node that counts no more but runs: drained again, it goes.
    there.run(new LeaveJob(true));
    return membership.expected().nodes();
  }

  /**
   * Lowers the size by one. The mark stands by then, so nobody counts the node any more and raises
   * the size again.
   */
  private void lower(UUID drained) {
    for (int i = 0; i < TRIES; i++) {
      Collection<ClusterNode> nodes = ignite.cluster().forServers().nodes();
      Predicate<UUID> stays = id -> !NodeDirectory.isDrained(ignite, id);
      Size size = membership.readNow(nodes, stays);
      int here = Membership.count(nodes, id -> id.equals(drained) || stays.test(id));
      Size smaller = smaller(size, here, Membership.count(nodes, stays));
      if (membership.lower(size, smaller.nodes())) {
        return;
      }
    }
    throw PulsegridException.of(
        FailureCode.IN_FLIGHT, "the grid's size is changing just now; try again");
  }

  /**
   * One less, where enough nodes are here for it.
   *
   * @param here how many nodes count that are here, the one that leaves with them: were they not
   *     the majority of the size as it is, others might be, out of sight
   * @param staying how many of them count afterwards
   */
  static Size smaller(Size size, int here, int staying) {
    if (size.nodes() == 1) {
      throw PulsegridException.of(
          FailureCode.CONFLICT, "this is the only node that the grid expects; stop it instead");
    }
    if (here < size.majority()) {
      throw PulsegridException.of(
          FailureCode.CONFLICT,
          "only %d of %d nodes are here, fewer than the majority; start the missing ones first"
              .formatted(here, size.nodes()));
    }
    Size smaller = new Size(size.nodes() - 1, size.version());
    if (staying < smaller.majority()) {
      throw PulsegridException.of(
          FailureCode.CONFLICT,
          "only %d nodes would stay, but writes need %d of the %d that would be expected; start the"
                  .formatted(staying, smaller.majority(), smaller.nodes())
              + " missing ones first");
    }
    return smaller;
  }

  /** Tells a node to leave, or asks whether it could be told. */
  private static final class LeaveJob implements IgniteRunnable {
    private static final long serialVersionUID = 1L;

    private final boolean now;
    @IgniteInstanceResource private transient @Nullable Ignite ignite;

    LeaveJob(boolean now) {
      this.now = now;
    }

    @Override
    public void run() {
      Ignite here = ignite;
      if (here == null) {
        throw new IllegalStateException("a job runs on a grid node only");
      }
      Runnable leave = here.cluster().<String, Runnable>nodeLocalMap().get(KEY);
      if (leave == null) {
        throw PulsegridException.of(
            FailureCode.IN_FLIGHT, "the node is still starting; try again when it is ready");
      }
      if (now) {
        leave.run();
      }
    }
  }
}
