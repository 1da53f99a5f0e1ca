package io.pulsegrid.node.publish;

import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.publish.DeliveryEvent;
import io.pulsegrid.node.store.ledger.CallTimes;
import io.pulsegrid.node.store.ledger.Charge;
import io.pulsegrid.node.store.ledger.Ledger;
import io.pulsegrid.node.store.ledger.Settlement;
import io.pulsegrid.node.store.ledger.SweepStore.Head;
import io.pulsegrid.node.store.ledger.SweepStore.Waiting;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * Goes through the ledger itself every few seconds, so that nothing depends on the grid's memory:
 * what is due and was not found, what was armed and never settled, what came too late. On every
 * node; of two that find the same, the fence lets one write.
 */
final class Sweeper {
  static final Duration OVERDUE = Duration.ofSeconds(5);

  /**
   * After that long without a sign of its owner a channel is anybody's: its owner may be dead or
   * stopped, or have just joined and be on its way to its first look. In time for ten seconds, with
   * a sweep and a call on top.
   */
  private static final Duration NEGLECTED = Duration.ofSeconds(4);

  private static final int BATCH = 500;

  /** Of a channel that nobody looks after this is all that goes out in a round. */
  private static final int PER_CHANNEL = 64;

  /** Of our own the copy has the rest, however long the queue is. */
  private static final int OVERDUE_PER_CHANNEL = 16;

  private static final int COPIED_PER_CHANNEL = 2_000;

  private final Ledger ledger;
  private final Dispatcher.Sources sources;
  private final Settler settler;
  private final CallSlots slots;
  private final Given given;
  private Set<String> copied = Set.of();
  private long copiedAtNanos;

  /** Times and what goes with them. */
  record Given(
      Gate gate,
      InstantSource clock,
      LongSupplier monotonicNanos,
      Decisions decisions,
      Spans spans,
      PublishingMetrics metrics) {}

  /**
   * How long and how often.
   *
   * @param horizon how far ahead the grid's copy reaches
   * @param refresh how often the copy is read anew
   */
  record Spans(Duration every, Duration slack, Duration horizon, Duration refresh) {}

  Sweeper(
      Ledger ledger, Dispatcher.Sources sources, Settler settler, CallSlots slots, Given given) {
    this.ledger = ledger;
    this.sources = sources;
    this.settler = settler;
    this.slots = slots;
    this.given = given;
  }

  Duration turn() {
    try {
      sweep();
    } catch (PulsegridException e) {
      given.gate().storeFailed(e);
    }
    return given.spans().every();
  }

  private void sweep() {
    slots.change(ledger.switches().concurrency());
    CallTimes times = slots.timeouts();
    // After the store was away its callers may hold results that they could not write: they get one
    // lease of their platform to do so before their deliveries count as unknown.
    settle(
        ledger.sweeps().leasesExpired(times, given.spans().slack(), given.gate().quiet(), BATCH),
        new DeliveryEvent.LeaseExpired(),
        "its lease ran out and nobody said how the call ended");
    settle(
        ledger.sweeps().tooLate(BATCH),
        new DeliveryEvent.TooLate(),
        "its time and its grace are over");
    settle(
        ledger.sweeps().keysLapsed(times, BATCH),
        new DeliveryEvent.KeyLapsed(),
        "it waited until its platform no longer remembers its key");
    copy();
    overdue();
    given.metrics().backlog(ledger.sweeps().backlog());
  }

  private void settle(List<Charge> charges, DeliveryEvent event, String detail) {
    List<Settlement> settlements = new ArrayList<>();
    charges.forEach(charge -> settlements.add(given.decisions().swept(charge, event, detail)));
    settler.writeNow(charges, settlements);
  }

  /**
   * Other nodes' channels only when nobody looks after them: their node may be dead or stopped, and
   * the grid not know it yet.
   */
  private void overdue() {
    List<Waiting> found =
        new ArrayList<>(ledger.sweeps().overdueOn(copied, OVERDUE, OVERDUE_PER_CHANNEL));
    // All copies of a channel's copy were lost while it was ours: it is read again.
    Set<String> lost =
        found.stream()
            .map(Waiting::channel)
            .distinct()
            .filter(sources.copy()::isEmpty)
            .collect(Collectors.toSet());
    copied = copied.stream().filter(one -> !lost.contains(one)).collect(Collectors.toSet());
    ledger.sweeps().neglected(NEGLECTED, PER_CHANNEL).stream()
        .filter(one -> !sources.copy().isOurs(one.channel()))
        .forEach(found::add);
    sources.overdue().found(found);
    found.forEach(one -> sources.heads().note(one.channel(), one.platform(), one.dueAt()));
  }

  /**
   * Notes every channel's head, and reads the horizon into the grid: now and then of all channels,
   * at once of those that came to this node, whose copy may have died with the one before.
   */
  private void copy() {
    List<Head> ours =
        ledger.sweeps().heads().stream()
            .filter(head -> sources.copy().isOurs(head.channel()))
            .toList();
    ours.forEach(head -> sources.heads().note(head.channel(), head.platform(), head.dueAt()));
    long now = given.monotonicNanos().getAsLong();
    if (copied.isEmpty() || now - copiedAtNanos >= given.spans().refresh().toNanos()) {
      copied = Set.of();
      copiedAtNanos = now;
    }
    Set<String> channels = ours.stream().map(Head::channel).collect(Collectors.toSet());
    List<String> missing = channels.stream().filter(one -> !copied.contains(one)).toList();
    if (!missing.isEmpty()) {
      Instant until = given.clock().instant().plus(given.spans().horizon());
      sources.writer().put(ledger.sweeps().waitingOn(missing, until, COPIED_PER_CHANNEL));
    }
    copied = channels;
  }
}
