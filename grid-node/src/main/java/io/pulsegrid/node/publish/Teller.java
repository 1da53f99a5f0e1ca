package io.pulsegrid.node.publish;

import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.node.store.ledger.Ledger;
import io.pulsegrid.node.store.ledger.OutboxStore;
import io.pulsegrid.node.telling.EventSink;
import java.time.Duration;
import java.util.function.LongSupplier;

/** Tells what the outbox holds, at least once, in the order it was committed. */
final class Teller {
  private static final int BATCH = 500;
  private static final Duration EVERY = Duration.ofSeconds(1);
  private static final Duration KEPT = Duration.ofHours(24);
  private static final Duration TIDY = Duration.ofMinutes(5);
  private static final int TIDY_BATCH = 20_000;

  private final Ledger ledger;
  private final EventSink events;
  private final Gate gate;
  private final LongSupplier monotonicNanos;
  private long tidiedAtNanos;

  Teller(Ledger ledger, EventSink events, Gate gate, LongSupplier monotonicNanos) {
    this.ledger = ledger;
    this.events = events;
    this.gate = gate;
    this.monotonicNanos = monotonicNanos;
    this.tidiedAtNanos = monotonicNanos.getAsLong();
  }

  Duration turn() {
    try {
      int told =
          ledger
              .outbox()
              .tell(BATCH, unsent -> events.tellAllAs(unsent.stream().map(Teller::named).toList()));
      tidy();
      return told == BATCH ? Duration.ZERO : EVERY;
    } catch (PulsegridException e) {
      gate.storeFailed(e);
      return EVERY;
    }
  }

  private static EventSink.Named named(OutboxStore.Unsent unsent) {
    return new EventSink.Named(unsent.id(), unsent.workspace(), unsent.subject());
  }

  private void tidy() {
    long now = monotonicNanos.getAsLong();
    if (now - tidiedAtNanos > TIDY.toNanos()) {
      tidiedAtNanos = now;
      ledger.outbox().forget(KEPT, TIDY_BATCH);
    }
  }
}
