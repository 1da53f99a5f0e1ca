package io.pulsegrid.node.publish;

import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.time.Clocks;
import io.pulsegrid.core.time.Deadline;
import io.pulsegrid.core.time.IdSource;
import io.pulsegrid.node.limits.Permits;
import io.pulsegrid.node.limits.Permits.Permit;
import io.pulsegrid.node.publish.Breakers.Leave;
import io.pulsegrid.node.publish.Caller.Errand;
import io.pulsegrid.node.publish.ChannelHeads.Ready;
import io.pulsegrid.node.store.ledger.ArmStore.Wish;
import io.pulsegrid.node.store.ledger.Ledger;
import io.pulsegrid.node.store.ledger.Sendable;
import io.pulsegrid.node.store.ledger.SweepStore.Waiting;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds what is due, channel by channel, and arms as much of it as calls can be made at once. One
 * thread. A crash before the arm leaves nothing; after it, an arm whose lease runs out.
 */
final class Dispatcher {
  private static final Logger log = LoggerFactory.getLogger(Dispatcher.class);
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(500);
  private static final Duration LEFT_ALONE = Duration.ofMillis(500);
  private static final Duration SHUT = Duration.ofMillis(200);
  private static final int LOOK_AHEAD = 32;

  /** The part of a host's slots that a channel takes in one round however many others wait. */
  private static final int PART = 16;

  private final Sources sources;
  private final Ledger ledger;
  private final Permits permits;
  private final Caller caller;
  private final Room room;
  private final CallSlots slots;
  private final Given given;
  private final ArrayDeque<Volley> unsure = new ArrayDeque<>();

  /** Where due deliveries are looked for. */
  record Sources(
      ChannelHeads heads, WorkingCopy copy, CopyWriter writer, Lineup lineup, Overdue overdue) {}

  /** What calls take up, and what is left of those that ended. */
  record Room(CallSlots slots, Endings endings) {}

  /**
   * Who this is and what time it is.
   *
   * @param process the name it arms under
   * @param slack how much longer than its call a lease lasts
   * @param catchUp how what was held back is spread
   */
  record Given(
      Gate gate,
      InstantSource clock,
      Clocks clocks,
      IdSource ids,
      String process,
      Duration slack,
      CatchUp catchUp,
      PublishingMetrics metrics) {}

  /**
   * What a channel has for the slots that it took.
   *
   * @param host whose slots they are
   * @param waiting what was seen of the channel, due or not
   * @param due the most urgent, no more than there is leave for
   */
  private record Offer(
      Ready channel,
      String host,
      int slots,
      List<Leave> leave,
      List<Waiting> waiting,
      List<Waiting> due,
      Duration timeout,
      Deadline deadline) {
    Permits.Wanted wanted(Instant leaseStart) {
      return new Permits.Wanted(
          channel.channel(), channel.platform(), due.size(), leaseStart.plus(timeout));
    }
  }

  /** One delivery with leave to be sent, and a slot of its host's. */
  private record Pick(
      Waiting delivery,
      Permit permit,
      String host,
      Leave leave,
      Duration timeout,
      Deadline deadline) {}

  /**
   * What is armed together under one token.
   *
   * @param armBefore the store arms nothing later: the grid may have forgotten the permits by then
   */
  private record Volley(String token, Instant armBefore, Map<String, Pick> picks) {}

  Dispatcher(
      Sources sources, Ledger ledger, Permits permits, Caller caller, Room room, Given given) {
    this.sources = sources;
    this.ledger = ledger;
    this.permits = permits;
    this.caller = caller;
    this.room = room;
    this.slots = room.slots();
    this.given = given;
  }

  Duration turn() {
    room.endings().latest(given.clock().instant()).forEach(this::ended);
    if (!given.gate().open() || (!unsure.isEmpty() && !askAgain())) {
      permits.ended(room.endings().take(List.of(), given.clock().instant()));
      return SHUT;
    }
    Instant now = given.clock().instant();
    List<Ready> ready = sources.heads().ready(now);
    if (!hostsAreKnown(ready)) {
      return SHUT;
    }
    Map<String, Long> channels =
        ready.stream().collect(Collectors.groupingBy(Ready::platform, Collectors.counting()));
    List<Offer> offers = new ArrayList<>();
    for (Ready channel : ready) {
      Offer offer = offer(channel, channels.getOrDefault(channel.platform(), 1L), now);
      if (offer != null) {
        offers.add(offer);
      }
    }
    Map<String, Pick> picks = pick(offers, now);
    if (picks.isEmpty()) {
      return room.endings().untilNext(now, sources.heads().untilNext(now, LONGEST_PAUSE));
    }
    arm(new Volley(given.ids().next(), now.plus(Permits.TO_ARM), picks));
    return Duration.ZERO;
  }

  /** Whether it is known where these channels are, which tells whose slots they take. */
  private boolean hostsAreKnown(List<Ready> channels) {
    try {
      caller
          .breakers()
          .learn(channels.stream().map(Ready::channel).toList(), ledger.arms()::addresses);
      return true;
    } catch (PulsegridException e) {
      given.gate().storeFailed(e);
      return false;
    }
  }

  /** Before anything is held back: what waited for these calls to be over waits no longer. */
  private void ended(Permits.Ended call) {
    String channel = call.permit().channelId();
    sources.heads().askAgain(channel);
    if (call.use() == Permits.Use.COUNTED) {
      given.catchUp().ended(channel, call.at());
    }
  }

  /** What a channel has for the slots that are free; null for nothing. */
  private @Nullable Offer offer(Ready channel, long channels, Instant now) {
    // Fair: those served longest ago come first, and no channel takes more than its part of its
    // host's slots in one round; with many slots several of a channel go together.
    int most =
        (int) Math.max(slots.limit(channel.platform()) / PART, Math.max(1, LOOK_AHEAD / channels));
    String host = caller.breakers().host(channel.channel(), channel.platform());
    int free = slots.take(channel.platform(), host, most);
    if (free == 0) {
      // The head stays ready: the return of a slot wakes this loop.
      if (!caller.hostFailing(channel.channel())) {
        given.catchUp().queued(channel.channel(), now);
      }
      return null;
    }
    List<Waiting> overdue = sources.overdue().of(channel.channel());
    boolean ours = sources.copy().isOurs(channel.channel());
    if (overdue.isEmpty() && !ours) {
      slots.giveBack(host, free);
      sources.heads().served(channel, Optional.empty());
      sources.lineup().forget(channel.channel());
      given.catchUp().forget(channel.channel());
      return null;
    }
    // Before anything is armed: what could not be called would only be given back.
    List<Leave> leave = caller.leave(channel.channel(), free);
    if (leave.isEmpty()) {
      slots.giveBack(host, free);
      sources.heads().hold(channel.channel(), now.plus(LEFT_ALONE));
      return null;
    }
    List<Waiting> waiting = waiting(channel.channel(), ours, overdue, now);
    List<Waiting> due = given.catchUp().ready(waiting, leave.size(), now);
    // Counted from before the permit and the arm: what they take is the call's loss, never the
    // lease's.
    Duration timeout = slots.timeout(channel.platform());
    Deadline deadline = Deadline.after(timeout, given.clocks());
    return new Offer(channel, host, free, leave, waiting, due, timeout, deadline);
  }

  /**
   * Those of the channels' offers that the limits allow, asked for all of them at once, after they
   * were told how calls of theirs ended.
   */
  private Map<String, Pick> pick(List<Offer> offers, Instant now) {
    List<Permits.Wanted> wanted =
        offers.stream()
            .filter(offer -> !offer.due().isEmpty())
            .map(offer -> offer.wanted(now.plus(given.slack()).plus(Permits.TO_ARM)))
            .toList();
    List<Permits.Ended> ended =
        room.endings().take(wanted.stream().map(Permits.Wanted::channelId).toList(), now);
    Iterator<Permits.Grant> grants = Collections.emptyIterator();
    if (wanted.isEmpty()) {
      permits.ended(ended);
    } else {
      grants = permits.grantAll(wanted, ended, now).iterator();
    }
    Map<String, Pick> picks = new LinkedHashMap<>();
    for (Offer offer : offers) {
      List<Permit> granted = List.of();
      if (!offer.due().isEmpty()) {
        Permits.Grant grant = grants.next();
        granted = grant.permits();
        if (granted.size() < offer.due().size()) {
          given.catchUp().limited(offer.channel().channel(), grant.notBefore(), now);
          sources.heads().hold(offer.channel().channel(), grant.notBefore());
        }
      }
      take(offer, granted, now, picks);
    }
    return picks;
  }

  private void take(Offer offer, List<Permit> granted, Instant now, Map<String, Pick> picks) {
    for (int i = 0; i < granted.size(); i++) {
      Waiting one = offer.due().get(i);
      picks.put(
          one.id(),
          new Pick(
              one,
              granted.get(i),
              offer.host(),
              offer.leave().get(i),
              offer.timeout(),
              offer.deadline()));
      sources.overdue().taken(one);
    }
    slots.giveBack(offer.host(), offer.slots() - granted.size());
    offer.leave().subList(granted.size(), offer.leave().size()).forEach(Leave::giveBack);
    sources.lineup().gone(offer.due().subList(0, granted.size()));
    sources.heads().served(offer.channel(), nextDue(offer, picks, now));
  }

  /** When the channel's next is due; empty, with all that was known of it, if nothing waits. */
  private Optional<Instant> nextDue(Offer offer, Map<String, Pick> picks, Instant now) {
    String channel = offer.channel().channel();
    Optional<Instant> next =
        offer.waiting().stream()
            .filter(one -> !picks.containsKey(one.id()))
            .map(given.catchUp()::readyAt)
            .min(Instant::compareTo);
    if (next.isEmpty() && sources.copy().isOurs(channel) && !sources.lineup().isWhole(channel)) {
      return Optional.of(now);
    }
    if (next.isEmpty()) {
      sources.lineup().forget(channel);
    }
    return next;
  }

  /** What is known to wait; where many were held back, what is due on time is not hidden. */
  private List<Waiting> waiting(String channel, boolean ours, List<Waiting> overdue, Instant now) {
    Map<String, Waiting> waiting = new LinkedHashMap<>();
    if (ours) {
      sources.lineup().of(channel, now).forEach(one -> waiting.putIfAbsent(one.id(), one));
    }
    overdue.forEach(one -> waiting.putIfAbsent(one.id(), one));
    given.catchUp().look(channel, waiting.values(), now);
    if (ours
        && !sources.lineup().isWhole(channel)
        && waiting.values().stream().allMatch(given.catchUp()::missed)) {
      Instant from = given.catchUp().onTimeFrom(channel);
      sources
          .copy()
          .dueFrom(channel, from, Lineup.PIECE)
          .forEach(one -> waiting.putIfAbsent(one.id(), one));
    }
    return new ArrayList<>(waiting.values());
  }

  private void arm(Volley volley) {
    List<Wish> wishes =
        volley.picks().values().stream()
            .map(
                pick ->
                    new Wish(
                        pick.delivery().id(),
                        pick.delivery().fence(),
                        pick.timeout(),
                        volley.armBefore(),
                        given.ids().next()))
            .toList();
    if (!given.gate().open()) {
      // It shut while permits were asked for: nothing is armed that could not be called at once.
      volley.picks().values().forEach(this::putBack);
      return;
    }
    List<Sendable> armed;
    try {
      armed = ledger.arms().arm(wishes, volley.token(), given.process());
    } catch (RuntimeException e) {
      // It may have been carried out all the same: nothing is sent and nothing given back before
      // the ledger has said what stands under this token.
      given.gate().storeFailed(e);
      unsure.add(volley);
      return;
    }
    send(volley, armed);
  }

  /** Asks what became of arms whose reply was lost; false while the store does not answer. */
  private boolean askAgain() {
    while (!unsure.isEmpty()) {
      Volley volley = unsure.getFirst();
      try {
        send(
            volley, ledger.arms().armedUnder(volley.token(), List.copyOf(volley.picks().keySet())));
      } catch (PulsegridException e) {
        given.gate().storeFailed(e);
        return false;
      }
      unsure.removeFirst();
    }
    return true;
  }

  private void send(Volley volley, List<Sendable> armed) {
    Instant now = given.clock().instant();
    Map<String, Pick> left = new HashMap<>(volley.picks());
    List<Waiting> gone = new ArrayList<>();
    for (Sendable sendable : armed) {
      Pick pick = left.remove(sendable.charge().delivery().id());
      if (pick == null) {
        continue;
      }
      gone.add(pick.delivery());
      given.catchUp().sent(pick.delivery(), now);
      sources.heads().armed(pick.delivery().channel());
      given.metrics().armed(sendable.charge(), now);
      caller.send(new Errand(sendable, pick.permit(), pick.host(), pick.leave(), pick.deadline()));
    }
    sources.writer().remove(gone);
    if (!left.isEmpty()) {
      refused(left.values().stream().toList(), now);
    }
  }

  private void putBack(Pick pick) {
    Waiting delivery = pick.delivery();
    permits.release(pick.permit());
    pick.leave().giveBack();
    slots.giveBack(pick.host(), 1);
    sources.lineup().back(delivery);
    sources.heads().note(delivery.channel(), delivery.platform(), delivery.dueAt());
  }

  /**
   * What was not armed: the copy was behind, or something holds it back that only Postgres knows.
   */
  private void refused(List<Pick> picks, Instant now) {
    given.metrics().refused(picks.size());
    picks.forEach(this::putBack);
    List<Waiting> before = picks.stream().map(Pick::delivery).toList();
    try {
      List<Waiting> still = ledger.sweeps().stillWaiting(before.stream().map(Waiting::id).toList());
      Set<String> ids = still.stream().map(Waiting::id).collect(Collectors.toSet());
      List<Waiting> gone = before.stream().filter(one -> !ids.contains(one.id())).toList();
      sources.lineup().gone(gone);
      sources.writer().remove(gone);
      sources.writer().put(still);
      still.forEach(sources.lineup()::back);
      Set<Waiting> unchanged = new HashSet<>(before);
      for (Waiting one : still) {
        sources.heads().note(one.channel(), one.platform(), one.dueAt());
        if (Candidates.same(unchanged, one)) {
          sources.heads().refused(one.channel(), now);
        }
      }
    } catch (PulsegridException e) {
      given.gate().storeFailed(e);
      log.debug("{} deliveries that were not armed are left to the sweep", picks.size());
    }
  }
}
