package io.pulsegrid.node.telling;

import java.util.UUID;
import org.apache.ignite.lang.IgniteBiPredicate;

/** Hears nodes that joined and would like to know what was told before. */
final class HistoryAsked implements IgniteBiPredicate<UUID, String> {
  private static final long serialVersionUID = 1L;

  private final transient EventBus bus;

  HistoryAsked(EventBus bus) {
    this.bus = bus;
  }

  /** Always true: goes on listening. */
  @Override
  public boolean apply(UUID node, String question) {
    bus.answer(node);
    return true;
  }
}
