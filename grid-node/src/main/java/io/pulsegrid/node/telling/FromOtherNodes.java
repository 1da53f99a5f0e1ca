package io.pulsegrid.node.telling;

import io.pulsegrid.node.grid.wire.EventWire;
import java.util.List;
import java.util.UUID;
import org.apache.ignite.lang.IgniteBiPredicate;

/** Hears the events of other nodes. */
final class FromOtherNodes implements IgniteBiPredicate<UUID, List<EventWire>> {
  private static final long serialVersionUID = 1L;

  private final transient EventBus bus;

  FromOtherNodes(EventBus bus) {
    this.bus = bus;
  }

  /** Always true: goes on listening. */
  @Override
  public boolean apply(UUID node, List<EventWire> events) {
    bus.heardByAll(events.stream().map(EventWire::event).toList());
    return true;
  }
}
