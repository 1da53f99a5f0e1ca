package io.pulsegrid.node.publish;

import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.publish.Delivery;
import io.pulsegrid.core.publish.DeliveryState;
import io.pulsegrid.node.store.ledger.Charge;
import io.pulsegrid.node.store.ledger.Ledger;
import io.pulsegrid.node.store.ledger.SealedCredentials;
import io.pulsegrid.node.store.ledger.Sendable;
import io.pulsegrid.node.store.ledger.Settlement;
import io.pulsegrid.node.store.ledger.Settlement.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what calls came to, many in one statement. While the store is away results are kept and
 * the gate stays shut; if the process dies with them, their leases run out and the platform is
 * asked.
 */
final class Settler {
  private static final Logger log = LoggerFactory.getLogger(Settler.class);
  private static final int BATCH = 500;
  private static final Loop.Rest REST = new Loop.Rest(Duration.ofMillis(3), Duration.ofMillis(25));
  private static final Duration IDLE = Duration.ofSeconds(5);
  private static final Duration STORE_AWAY = Duration.ofMillis(500);

  private final Ledger ledger;
  private final Gate gate;
  private final PublishingMetrics metrics;
  private final Consumer<List<Settled>> listener;
  private final LinkedBlockingQueue<Item> queue = new LinkedBlockingQueue<>();
  private final List<Item> held = new ArrayList<>();
  private final Loop loop = new Loop("settle", REST, this::turn);

  /** A delivery as it came to stand, with the platform it is on. */
  record Settled(Delivery delivery, Charge before) {}

  /**
   * What is to be written.
   *
   * @param used the credentials of the call that it tells of; null where none was made
   */
  private record Item(Charge charge, Settlement settlement, @Nullable SealedCredentials used) {}

  /**
   * @param listener told what changed, after it is committed; must not block
   */
  Settler(Ledger ledger, Gate gate, PublishingMetrics metrics, Consumer<List<Settled>> listener) {
    this.ledger = ledger;
    this.gate = gate;
    this.metrics = metrics;
    this.listener = listener;
  }

  Loop loop() {
    return loop;
  }

  /** What was settled without a call. */
  void add(Charge charge, Settlement settlement) {
    add(new Item(charge, settlement, null));
  }

  /** What a call came to. */
  void add(Sendable called, Settlement settlement) {
    add(new Item(called.charge(), settlement, called.credentials()));
  }

  private void add(Item item) {
    queue.add(item);
    loop.wake();
  }

  /** Writes at once, on the caller's thread: for those who found what they settle in the store. */
  void writeNow(List<Charge> charges, List<Settlement> settlements) {
    List<Item> items = new ArrayList<>();
    for (int i = 0; i < charges.size(); i++) {
      items.add(new Item(charges.get(i), settlements.get(i), null));
    }
    if (!items.isEmpty()) {
      write(items);
    }
  }

  /**
   * Writes what is there until nothing is left, on the caller's thread too: its loop may have
   * ended.
   *
   * @return whether nothing is left; a store that does not answer within {@code patience} keeps it
   */
  boolean awaitEmpty(Duration patience) throws InterruptedException {
    long tries = Math.max(1, patience.dividedBy(STORE_AWAY));
    for (long i = 0; ; i++) {
      Duration pause = turn();
      synchronized (held) {
        if (held.isEmpty() && queue.isEmpty()) {
          return true;
        }
        if (i >= tries) {
          return false;
        }
        if (pause.equals(STORE_AWAY)) {
          held.wait(STORE_AWAY.toMillis());
        }
      }
    }
  }

  /** One batch; for the loop and, once it has stopped, for whoever empties the queue. */
  Duration turn() {
    synchronized (held) {
      queue.drainTo(held, BATCH - held.size());
      if (held.isEmpty()) {
        return IDLE;
      }
      try {
        write(held);
        held.clear();
      } catch (PulsegridException e) {
        gate.storeFailed(e);
        return STORE_AWAY;
      } catch (RuntimeException e) {
        log.error("A batch of {} results was refused; they are written one by one", held.size(), e);
        writeSingly();
      }
      return queue.isEmpty() ? IDLE : Duration.ZERO;
    }
  }

  private void writeSingly() {
    for (Item item : held) {
      try {
        write(List.of(item));
      } catch (RuntimeException e) {
        // Whatever refused the batch may be this one: it must not hold up the others for good.
        log.error(
            "Delivery {} keeps its lease and is asked about when it ends: its result was refused",
            item.charge().delivery().id(),
            e);
      }
    }
    held.clear();
  }

  private void write(List<Item> items) {
    // The channel first: settled back to SCHEDULED it must not be armed again with the same key.
    for (Item item : items) {
      SealedCredentials refused = item.used();
      if (refused != null && item.settlement().entry().kind() == Kind.UNAUTHORIZED) {
        pause(item.charge().delivery().channel(), refused, item.settlement().entry().detail());
      }
    }
    List<Delivery> changed =
        ledger.settlements().settle(items.stream().map(Item::settlement).toList());
    Map<String, Charge> charges = new HashMap<>();
    for (Item item : items) {
      charges.put(item.charge().delivery().id(), item.charge());
      metrics.outcome(item.charge().platform(), item.settlement());
    }
    List<Settled> settled = new ArrayList<>();
    for (Delivery delivery : changed) {
      Charge before = charges.get(delivery.id());
      if (before != null) {
        metrics.changed(before.platform(), delivery);
        warn(before, delivery);
        settled.add(new Settled(delivery, before));
      }
    }
    listener.accept(settled);
  }

  private void pause(String channel, SealedCredentials refused, String reason) {
    if (ledger.deliveries().pauseChannel(channel, refused, reason)) {
      log.warn(
          "Channel {} is paused: its platform refuses its credentials ({}). Renew them.",
          channel,
          reason);
    }
  }

  private static void warn(Charge before, Delivery delivery) {
    DeliveryState state = delivery.state();
    boolean bad =
        state == DeliveryState.FAILED
            || state == DeliveryState.MISSED
            || state == DeliveryState.UNCONFIRMED;
    if (bad && state != before.delivery().state()) {
      log.warn(
          "Delivery {} is {}: {}", delivery.id(), delivery.state(), delivery.result().lastError());
    }
  }
}
