package io.pulsegrid.node.publish;

import io.pulsegrid.node.store.ledger.SweepStore.Waiting;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * The spread of what an outage held back: of the deliveries of a channel that were due while
 * nothing could be sent, one goes out at a time, so that nobody is flooded when everything is back.
 * What is due on time goes out between them. Each node remembers by itself: a channel that moves to
 * another may send one early. For the dispatcher's thread alone.
 */
final class CatchUp {
  /** What nobody calls an outage: restarts, failovers, a queue that is merely long. */
  static final Duration SHORT = Duration.ofMinutes(5);

  private final Duration every;
  private final Map<String, Instant> sent = new HashMap<>();
  private Instant lastOpen = Instant.MIN;
  private Instant outageUntil = Instant.MIN;

  /**
   * @param every how long after one of a channel the next goes out; zero spreads nothing
   */
  CatchUp(Duration every) {
    this.every = every;
  }

  /** Something could be sent at {@code now}. */
  void open(Instant now) {
    if (lastOpen.isBefore(now.minus(SHORT))) {
      outageUntil = now;
      sent.clear();
    }
    lastOpen = now;
  }

  /** Whether an outage held it back. */
  boolean missed(Waiting delivery) {
    return every.isPositive()
        && outageUntil.isAfter(Instant.MIN)
        && delivery.dueAt().isBefore(outageUntil.minus(SHORT));
  }

  /** When it may go out: when it is due, or once the channel's last late one is long enough ago. */
  Instant readyAt(Waiting delivery) {
    Instant last = missed(delivery) ? sent.get(delivery.channel()) : null;
    return last == null || last.plus(every).isBefore(delivery.dueAt())
        ? delivery.dueAt()
        : last.plus(every);
  }

  /** It goes out. */
  void sent(Waiting delivery, Instant now) {
    if (missed(delivery)) {
      sent.put(delivery.channel(), now);
    }
  }

  /** From when on deliveries are due that no outage held back. */
  Instant onTimeFrom() {
    return outageUntil.isAfter(Instant.MIN) ? outageUntil.minus(SHORT) : Instant.EPOCH;
  }
}
