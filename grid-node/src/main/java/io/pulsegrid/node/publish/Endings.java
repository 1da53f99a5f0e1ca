package io.pulsegrid.node.publish;

import io.pulsegrid.node.limits.Permits;
import io.pulsegrid.node.limits.Untold;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Calls that ended, on their way to the limits: whoever asks for leave on a channel takes along how
 * its calls ended, so that whatever is granted is granted in full knowledge. A crash in here leaves
 * permits that count until their leases end. Calls may be added by many threads; all else is for
 * one.
 */
final class Endings {
  private final CallSlots slots;
  private final LinkedBlockingQueue<Permits.Ended> queue = new LinkedBlockingQueue<>();
  private final Untold untold = new Untold();
  private final Runnable listener;

  /**
   * @param listener hears that a call ended and its slot is free; must not block
   */
  Endings(CallSlots slots, Runnable listener) {
    this.slots = slots;
    this.listener = listener;
  }

  /** A call to a host ended, or came to nothing. */
  void add(Permits.Ended call, String host) {
    // Before the slot is free: whoever takes it finds this here.
    queue.add(call);
    slots.giveBack(host, 1);
    listener.run();
  }

  /** The calls that ended since this was last asked. */
  List<Permits.Ended> latest(Instant now) {
    List<Permits.Ended> calls = new ArrayList<>();
    queue.drainTo(calls);
    untold.add(calls, now);
    return calls;
  }

  /** What is to be told now, with questions on these channels or of its own. */
  List<Permits.Ended> take(Collection<String> channels, Instant now) {
    return untold.take(channels, now);
  }

  /** How long until something is to be told that no question took along. */
  Duration untilNext(Instant now, Duration longest) {
    return untold.untilNext(now, longest);
  }

  /** Everything, at the end. */
  List<Permits.Ended> takeAll(Instant now) {
    List<Permits.Ended> _ = latest(now);
    return untold.takeAll();
  }
}
