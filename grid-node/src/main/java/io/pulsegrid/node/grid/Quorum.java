package io.pulsegrid.node.grid;

import java.util.Collection;
import org.apache.ignite.cluster.ClusterNode;
import org.apache.ignite.configuration.TopologyValidator;

/**
 * Lets a cache be written while the majority of the expected nodes is there; reads always go on.
 * Ignite asks after every change of the topology, on each node. It never travels: each node has its
 * own, from {@link GridPlugin}, and so each knows the size that it read itself.
 */
final class Quorum implements TopologyValidator {
  private static final long serialVersionUID = 1L;

  private final transient Membership membership;

  Quorum(Membership membership) {
    this.membership = membership;
  }

  @Override
  public boolean validate(Collection<ClusterNode> nodes) {
    return membership.answer(nodes);
  }
}
