package io.pulsegrid.node.publish;

import io.pulsegrid.node.store.ledger.SweepStore.Waiting;
import java.util.Collection;
import java.util.Comparator;

/** How deliveries that are due at once stand to each other. */
final class Candidates {
  /** The higher priority first; among equals, whichever has waited longest. */
  static final Comparator<Waiting> MOST_URGENT =
      Comparator.comparingInt(Waiting::priority)
          .reversed()
          .thenComparing(Waiting::dueAt)
          .thenComparing(Waiting::id);

  private Candidates() {}

  /** Whether one of them is this delivery at this very fence. */
  static boolean same(Collection<Waiting> deliveries, Waiting other) {
    return deliveries.stream()
        .anyMatch(one -> one.id().equals(other.id()) && one.fence() == other.fence());
  }
}
