package io.pulsegrid.node.listen;

import java.util.ArrayList;
import java.util.List;

/** Fetches the order of a search from the node that keeps it; none if it is forgotten there. */
final class KeptOrderJob extends NodeJob<List<SearchOrder>> {
  private static final long serialVersionUID = 1L;

  private final long number;

  KeptOrderJob(long number) {
    this.number = number;
  }

  @Override
  List<SearchOrder> run(LocalNode node) {
    return new ArrayList<>(
        KeptOrders.of(node.ignite()).flatMap(orders -> orders.find(number)).stream().toList());
  }
}
