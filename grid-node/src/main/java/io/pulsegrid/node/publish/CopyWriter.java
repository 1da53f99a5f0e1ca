package io.pulsegrid.node.publish;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.pulsegrid.node.store.ledger.SweepStore.Waiting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Brings changes into the grid's copy, many in one round trip, of each delivery the last one.
 * Nobody waits for it: what a crash in here leaves undone the sweep finds, or the arm refuses.
 */
final class CopyWriter {
  private static final int BATCH = 1_000;
  private static final Duration IDLE = Duration.ofSeconds(5);

  private final WorkingCopy copy;
  private final Loop loop = new Loop("copy", this::turn);

  @GuardedBy("this")
  private final Map<String, Change> asked = new LinkedHashMap<>();

  /** What is to become of a delivery in the copy. */
  private record Change(Waiting delivery, boolean stays) {}

  CopyWriter(WorkingCopy copy) {
    this.copy = copy;
  }

  Loop loop() {
    return loop;
  }

  void put(Collection<Waiting> deliveries) {
    ask(deliveries, true);
  }

  void remove(Collection<Waiting> deliveries) {
    ask(deliveries, false);
  }

  private void ask(Collection<Waiting> deliveries, boolean stays) {
    if (deliveries.isEmpty()) {
      return;
    }
    synchronized (this) {
      for (Waiting one : deliveries) {
        asked.put(one.id(), new Change(one, stays));
      }
    }
    loop.wake();
  }

  /** One batch; in order, since a delivery that left may be back in the next. */
  private Duration turn() {
    List<Change> batch = next();
    if (batch.isEmpty()) {
      return IDLE;
    }
    copy.put(of(batch, true));
    copy.remove(of(batch, false));
    return Duration.ZERO;
  }

  private synchronized List<Change> next() {
    List<Change> batch = new ArrayList<>();
    Iterator<Change> first = asked.values().iterator();
    while (first.hasNext() && batch.size() < BATCH) {
      batch.add(first.next());
      first.remove();
    }
    return batch;
  }

  private static List<Waiting> of(List<Change> batch, boolean stays) {
    return batch.stream().filter(one -> one.stays() == stays).map(Change::delivery).toList();
  }
}
