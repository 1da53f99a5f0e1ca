package io.pulsegrid.node.publish;

import io.pulsegrid.node.store.ledger.SweepStore.Waiting;
import java.util.Collection;
import java.util.List;

/**
 * Who would like to know at once that something waits or no longer does. A hint: whatever is missed
 * here is found by the next sweep. Never throws.
 */
interface Wakeup {
  void waits(List<Waiting> deliveries);

  /** By id and channel. */
  void gone(Collection<Waiting> deliveries);

  /** The switch that stops everything was turned. */
  void switched();
}
