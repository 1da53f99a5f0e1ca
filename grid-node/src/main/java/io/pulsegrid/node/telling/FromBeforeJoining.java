package io.pulsegrid.node.telling;

import io.pulsegrid.node.grid.wire.EventWire;
import java.util.List;
import java.util.UUID;
import org.apache.ignite.lang.IgniteBiPredicate;

/** Hears what other nodes had been told before this one joined. */
final class FromBeforeJoining implements IgniteBiPredicate<UUID, List<EventWire>> {
  private static final long serialVersionUID = 1L;

  private final transient EventBus bus;

  FromBeforeJoining(EventBus bus) {
    this.bus = bus;
  }

  /** Always true: goes on listening. */
  @Override
  public boolean apply(UUID node, List<EventWire> events) {
    bus.heardEarlier(events.stream().map(EventWire::event).toList());
    return true;
  }
}
