package io.pulsegrid.node.publish;

import io.micrometer.core.instrument.MeterRegistry;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.limit.Limits;
import io.pulsegrid.core.publish.Delivery;
import io.pulsegrid.core.publish.DeliveryRules;
import io.pulsegrid.core.publish.DeliveryState;
import io.pulsegrid.core.publish.Explanations;
import io.pulsegrid.core.publish.Preview;
import io.pulsegrid.core.publish.ProbePolicy;
import io.pulsegrid.core.publish.Publisher;
import io.pulsegrid.core.publish.Publishing;
import io.pulsegrid.core.publish.RecurringPosts;
import io.pulsegrid.core.publish.RetryPolicy;
import io.pulsegrid.core.publish.Workers;
import io.pulsegrid.core.time.Clocks;
import io.pulsegrid.core.time.IdSource;
import io.pulsegrid.node.access.ChannelSecrets;
import io.pulsegrid.node.config.PlatformSettings;
import io.pulsegrid.node.config.PublishingSettings;
import io.pulsegrid.node.limits.Permits;
import io.pulsegrid.node.publish.Settler.Settled;
import io.pulsegrid.node.store.channels.StoredAccounts;
import io.pulsegrid.node.store.ledger.Ledger;
import io.pulsegrid.node.store.ledger.SweepStore.Waiting;
import io.pulsegrid.node.telling.EventSink;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.apache.ignite.Ignite;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishing on one node, put together: what people ask for at its front, and the loops that find,
 * arm, call, settle, sweep, ask and tell behind it.
 */
public final class PublishingEngine {
  private static final Logger log = LoggerFactory.getLogger(PublishingEngine.class);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Loop.Rest BETWEEN_ROUNDS =
      new Loop.Rest(Duration.ofMillis(3), Duration.ofMillis(25));
  private static final Loop.Rest BETWEEN_PROBES =
      new Loop.Rest(Duration.ofMillis(20), Duration.ofMillis(200));

  private static final Loop.Rest BETWEEN_TELLINGS =
      new Loop.Rest(Duration.ofMillis(100), Duration.ofMillis(100));

  private final InstantSource clock;
  private final PublishingSettings settings;
  private final Gate gate;
  private final CallSlots slots;
  private final WorkingCopy copy;
  private final CopyWriter writer;
  private final Lineup lineup;
  private final ChannelHeads heads = new ChannelHeads();
  private final Settler settler;
  private final Permits permits;
  private final Endings endings;
  private final Loop dispatching;
  private final Loop sweeping;
  private final Loop probing;
  private final Loop telling;
  private final Loop writingAhead;
  private final Loop renewing;
  private final Loop identifying;
  private final LedgerPublishing publishing;
  private final Workers workers;
  private final Explanations explanations;
  private final Preview.Previews previews;

  /** What publishing works with. */
  public record Neighbours(
      Ledger ledger,
      WaitingCopy copy,
      ChannelSecrets secrets,
      StoredAccounts accounts,
      Permits permits,
      Limits limits,
      EventSink events) {}

  /** The grid that holds the working copy. */
  public record WaitingCopy(Ignite ignite, int backups) {}

  /**
   * Time, chance, threads and a name.
   *
   * @param clock the store's time, which all nodes share
   * @param clockTrusted whether the time is known; nothing is armed while it is not
   * @param clocks this machine's own, for deadlines
   * @param calls runs each call on a thread that may wait
   */
  public record Surroundings(
      InstantSource clock,
      BooleanSupplier clockTrusted,
      Clocks clocks,
      RandomGenerator chance,
      IdSource ids,
      Executor calls,
      ProcessName process) {}

  /** Puts everything together; nothing runs before {@link #start}. */
  public PublishingEngine(
      Neighbours neighbours,
      Surroundings given,
      PublishingSettings settings,
      Supplier<PlatformSettings> platforms,
      Collection<? extends Publisher> connectors,
      MeterRegistry registry) {
    this.clock = given.clock();
    this.settings = settings;
    Ledger ledger = neighbours.ledger();
    Map<String, Publisher> publishers =
        connectors.stream().collect(Collectors.toMap(Publisher::platform, Function.identity()));
    Decisions decisions =
        new Decisions(rules(settings, given), given.clock(), given.ids(), given.process().node());
    PublishingMetrics metrics = new PublishingMetrics(registry, publishers.keySet());
    LongSupplier monotonicNanos = given.clocks().monotonicNanos();
    gate = new Gate(given.clockTrusted(), monotonicNanos);
    slots = new CallSlots(platforms, monotonicNanos);
    copy = WorkingCopy.open(neighbours.copy().ignite(), neighbours.copy().backups());
    writer = new CopyWriter(copy);
    lineup = new Lineup(copy, monotonicNanos);

    settler = new Settler(ledger, gate, metrics, this::settled);
    permits = neighbours.permits();
    endings = new Endings(slots, this::dispatchSoon);
    Caller.Means means =
        new Caller.Means(neighbours.secrets(), neighbours.permits(), given.calls(), given.clocks());
    Renewals renewals =
        new Renewals(
            ledger.renewals(), neighbours.secrets(), publishers, given.clock(), given.clocks());
    Caller caller = new Caller(means, publishers, renewals, decisions, settler, endings);
    CatchUp catchUp = catchUp(settings, ledger);
    Dispatcher.Sources sources = new Dispatcher.Sources(heads, copy, writer, lineup, new Overdue());
    Dispatcher dispatcher =
        new Dispatcher(
            sources,
            ledger,
            neighbours.permits(),
            caller,
            new Dispatcher.Room(slots, endings),
            new Dispatcher.Given(
                gate,
                given.clock(),
                given.clocks(),
                given.ids(),
                given.process().value(),
                settings.leaseSlack(),
                catchUp,
                metrics));
    Sweeper sweeper =
        new Sweeper(
            ledger,
            sources,
            settler,
            slots,
            new Sweeper.Given(
                gate,
                given.clock(),
                monotonicNanos,
                decisions,
                new Sweeper.Spans(
                    settings.sweepEvery(),
                    settings.leaseSlack(),
                    settings.horizon(),
                    settings.refreshEvery()),
                metrics));
    Prober prober =
        new Prober(
            ledger,
            means,
            publishers,
            settler,
            slots,
            new Prober.Given(gate, decisions, given.process(), caller.breakers(), this::probeSoon));
    Teller teller = new Teller(ledger, neighbours.events(), gate, monotonicNanos);
    dispatching = new Loop("dispatch", BETWEEN_ROUNDS, dispatcher::turn);
    sweeping =
        new Loop(
            "sweep",
            () -> {
              Duration pause = sweeper.turn();
              dispatchSoon();
              return pause;
            });
    probing = new Loop("probe", BETWEEN_PROBES, prober::turn);
    telling = new Loop("tell", BETWEEN_TELLINGS, teller::turn);
    DraftCheck check = new DraftCheck(publishers);
    publishing = new LedgerPublishing(ledger, check, decisions, new Hints());
    previews = new LedgerPreviews(ledger, check, decisions, neighbours.limits());
    workers = new PlatformWorkers(ledger.switches(), slots, publishers.keySet());
    explanations =
        new LedgerExplanations(
            ledger, neighbours.limits(), gate, caller::hostFailing, catchUp, given.clock());
    writingAhead = new Loop("series", () -> whileOpen(publishing.series()::turn));
    renewing = new Loop("renew", () -> whileOpen(renewals::turn));
    AccountFinder finder = new AccountFinder(neighbours.accounts(), publishers, given.clocks());
    identifying = new Loop("identify", () -> whileOpen(finder::turn));
  }

  /** Publishing as the API asks for it; works before {@link #start} and after {@link #stop}. */
  public Publishing publishing() {
    return publishing;
  }

  /** Series as the API asks for them; works as {@link #publishing} does. */
  public RecurringPosts recurring() {
    return publishing.series();
  }

  /** How many calls at once; works as {@link #publishing} does. */
  public Workers workers() {
    return workers;
  }

  /** Why deliveries wait; works as {@link #publishing} does. */
  public Explanations explanations() {
    return explanations;
  }

  /** What would become of posts; works as {@link #publishing} does. */
  public Preview.Previews previews() {
    return previews;
  }

  /** Starts finding and sending. */
  public void start(ThreadFactory threads) {
    copy.onPut(this::noted);
    for (Loop loop :
        List.of(
            settler.loop(),
            writer.loop(),
            telling,
            dispatching,
            sweeping,
            probing,
            writingAhead,
            renewing,
            identifying)) {
      loop.start(threads);
    }
  }

  /** What was held back by a limit is asked for again: somebody changed or lifted one. */
  public void limitsChanged() {
    heads.releaseAll();
    dispatchSoon();
  }

  /**
   * Arms nothing more, for good: this node leaves the grid or was cut off from it. Answers at once,
   * from any thread, before {@link #start} too; calls under way go on until their deadlines.
   */
  public void stopArming() {
    gate.close();
  }

  /**
   * Stops arming and waits until every call has ended, at its deadline at the latest, and what it
   * came to is written. Does not need the grid.
   *
   * @return false if something is left: its lease runs out and its platform is asked
   */
  public boolean drain() {
    stopArming();
    try {
      int left = slots.awaitNone(slots.longestTimeout().plus(PATIENCE));
      if (left > 0) {
        log.warn("{} calls did not end; their deliveries are swept when their leases do", left);
      }
      boolean written = settler.awaitEmpty(PATIENCE);
      if (!written) {
        log.warn("Results were not written: the store is away; their platforms will be asked");
      }
      return left == 0 && written;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Drains and ends every loop. */
  public void stop() {
    stopArming();
    dispatching.stop(PATIENCE);
    probing.stop(PATIENCE);
    sweeping.stop(PATIENCE);
    writingAhead.stop(PATIENCE);
    renewing.stop(PATIENCE);
    identifying.stop(PATIENCE);
    boolean _ = drain();
    permits.ended(endings.takeAll(clock.instant()));
    settler.loop().stop(PATIENCE);
    telling.stop(PATIENCE);
    writer.loop().stop(PATIENCE);
    copy.close();
  }

  private Duration whileOpen(Loop.Turn turn) {
    if (!gate.open()) {
      return PATIENCE;
    }
    try {
      return turn.take();
    } catch (PulsegridException e) {
      gate.storeFailed(e);
      return PATIENCE;
    }
  }

  private void dispatchSoon() {
    dispatching.wake();
  }

  private void probeSoon() {
    probing.wake();
  }

  private void noted(Waiting delivery) {
    lineup.noted(delivery);
    heads.note(delivery.channel(), delivery.platform(), delivery.dueAt());
    dispatchSoon();
  }

  /** Told by the settler after its commit; a crash before leaves it to the sweep. */
  private void settled(List<Settled> settled) {
    List<Waiting> waiting =
        settled.stream()
            .filter(one -> waits(one.delivery()))
            .map(one -> PostEdits.waiting(one.delivery(), one.before()))
            .toList();
    if (!waiting.isEmpty()) {
      new Hints().waits(waiting);
    }
    telling.wake();
  }

  private static boolean waits(Delivery delivery) {
    return delivery.state() == DeliveryState.SCHEDULED || delivery.state() == DeliveryState.RETRY;
  }

  /** A spread sends late ones no faster than this: where they went faster, the queue is long. */
  private CatchUp catchUp(PublishingSettings settings, Ledger ledger) {
    Duration every = settings.catchUpEvery();
    int most = every.isPositive() ? (int) CatchUp.SHORT.dividedBy(every) + 1 : 0;
    return new CatchUp(
        every,
        channel -> {
          try {
            return ledger.sweeps().lateOnes(channel, CatchUp.SHORT, most + 1) > most;
          } catch (PulsegridException e) {
            // Rather too slowly than all at once.
            gate.storeFailed(e);
            return false;
          }
        });
  }

  private static DeliveryRules rules(PublishingSettings settings, Surroundings given) {
    return new DeliveryRules(
        new RetryPolicy(
            settings.budget(), settings.retryFirst(), settings.retryLongest(), given.chance()),
        new ProbePolicy(settings.probeFirst(), settings.probeLongest(), settings.probeFor()));
  }

  /** Passes on what was committed to the grid's copy, as far as it reaches, and to the loops. */
  private final class Hints implements Wakeup {
    @Override
    public void waits(List<Waiting> deliveries) {
      Instant horizon = clock.instant().plus(settings.horizon());
      List<Waiting> near =
          deliveries.stream().filter(one -> !one.dueAt().isAfter(horizon)).toList();
      // Its channel's node hears of it with the copy.
      writer.put(near);
      telling.wake();
    }

    @Override
    public void gone(Collection<Waiting> deliveries) {
      lineup.gone(deliveries);
      writer.remove(deliveries);
      telling.wake();
    }

    @Override
    public void switched() {
      limitsChanged();
    }
  }
}
