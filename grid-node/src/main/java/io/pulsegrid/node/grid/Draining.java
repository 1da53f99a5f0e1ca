package io.pulsegrid.node.grid;

import io.pulsegrid.core.failure.FailureCode;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.grid.Drainage;
import io.pulsegrid.node.grid.ExpectedSize.Size;
import java.util.UUID;
import org.apache.ignite.Ignite;
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
    if (directory.markDrained(id)) {
      try {
        lower();
      } catch (RuntimeException e) {
        directory.unmarkDrained(id);
        throw e;
      }
    }
    // A crash before this leaves a node that counts no more but runs: drained again, it goes.
    ignite.compute(ignite.cluster().forNode(node)).run(new LeaveJob());
    return membership.expected().nodes();
  }

  /**
   * Lowers the size by one. The mark stands by then, so nobody counts the node any more and raises
   * the size again.
   */
  private void lower() {
    for (int i = 0; i < TRIES; i++) {
      Size size = membership.readNow();
      int staying =
          Membership.count(
              ignite.cluster().forServers().nodes(), id -> !NodeDirectory.isDrained(ignite, id));
      if (size.nodes() == 1) {
        throw PulsegridException.of(
            FailureCode.CONFLICT, "this is the only node that the grid expects; stop it instead");
      }
      Size smaller = new Size(size.nodes() - 1, size.version());
      if (staying < smaller.majority()) {
        throw PulsegridException.of(
            FailureCode.CONFLICT,
            "only %d nodes would stay, but writes need %d of the %d that would be expected; start the"
                    .formatted(staying, smaller.majority(), smaller.nodes())
                + " missing ones first");
      }
      if (membership.lower(size, smaller.nodes())) {
        return;
      }
    }
    throw PulsegridException.of(
        FailureCode.IN_FLIGHT, "the grid's size is changing just now; try again");
  }

  /** Tells a node to leave. */
  private static final class LeaveJob implements IgniteRunnable {
    private static final long serialVersionUID = 1L;

    @IgniteInstanceResource private transient @Nullable Ignite ignite;

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
      leave.run();
    }
  }
}
