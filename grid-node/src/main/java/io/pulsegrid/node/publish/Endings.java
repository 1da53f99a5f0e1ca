package io.pulsegrid.node.publish;

import io.pulsegrid.node.limits.Permits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/**
 * Tells the limits how calls ended, many in one round trip, and only then gives their slots back:
 * whatever is granted next was asked for in full knowledge. A crash in here leaves permits that
 * count until their leases end.
 */
final class Endings {
  private static final int BATCH = 500;
  private static final Loop.Rest REST = new Loop.Rest(Duration.ofMillis(3), Duration.ofMillis(25));
  private static final Duration IDLE = Duration.ofSeconds(5);

  private final Permits permits;
  private final CallSlots slots;
  private final Consumer<List<String>> listener;
  private final LinkedBlockingQueue<Permits.Ended> queue = new LinkedBlockingQueue<>();
  private final Loop loop = new Loop("end", REST, this::turn);

  /**
   * @param listener told the channels of calls that ended, once their slots are free
   */
  Endings(Permits permits, CallSlots slots, Consumer<List<String>> listener) {
    this.permits = permits;
    this.slots = slots;
    this.listener = listener;
  }

  Loop loop() {
    return loop;
  }

  /** A call ended, or came to nothing. */
  void add(Permits.Ended call) {
    queue.add(call);
    loop.wake();
  }

  private Duration turn() {
    List<Permits.Ended> calls = new ArrayList<>();
    queue.drainTo(calls, BATCH);
    if (calls.isEmpty()) {
      return IDLE;
    }
    try {
      permits.ended(calls);
    } finally {
      calls.forEach(call -> slots.giveBack(call.permit().platform(), 1));
      listener.accept(calls.stream().map(call -> call.permit().channelId()).distinct().toList());
    }
    return Duration.ZERO;
  }
}
