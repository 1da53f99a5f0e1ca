package io.pulsegrid.node.collect;

import io.pulsegrid.connectors.http.ShownAddress;
import io.pulsegrid.core.failure.FailureCode;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.post.IncomingPost;
import io.pulsegrid.core.post.Intake;
import io.pulsegrid.core.source.Collector;
import io.pulsegrid.core.source.Source;
import io.pulsegrid.node.collect.VisitLedger.Claim;
import io.pulsegrid.node.collect.VisitLedger.Visit;
import io.pulsegrid.node.follow.FollowStart;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One visit from its claim to its end: wait for a place in the kind's lane, claim, collect, hand
 * over what came, and only then move the position. Blocks; call it on a virtual thread.
 */
public final class SourceVisitor {
  /** What a visit without a bound of its own may take, in timeouts of one call. */
  private static final int CALLS_A_VISIT = 6;

  /** What handing over may take before the claim lapses. */
  private static final Duration HANDING_OVER = Duration.ofMinutes(2);

  private static final Duration COME_BACK = Duration.ofSeconds(5);
  private static final int BATCH = 500;
  private static final Logger log = LoggerFactory.getLogger(SourceVisitor.class);

  /**
   * What a visitor works with.
   *
   * @param follow told of each post that is new or changed
   * @param threads a virtual thread a collection, so that one without end can be left behind
   * @param timer where lanes keep their time
   */
  public record Parts(
      SourceRules rules,
      VisitLedger ledger,
      Intake intake,
      FollowStart follow,
      ExecutorService threads,
      ScheduledExecutorService timer,
      InstantSource clock) {}

  private final Parts parts;
  private final CollectMeters meters;
  private final Map<String, Lane> lanes = new ConcurrentHashMap<>();

  public SourceVisitor(Parts parts, CollectMeters meters) {
    this.parts = parts;
    this.meters = meters;
  }

  /**
   * A visit that is due.
   *
   * @param kind the source's, which says which lane to wait in
   */
  public record Due(
      String sourceId,
      String kind,
      int priority,
      Instant slot,
      boolean asked,
      boolean recovering) {}

  /** Makes a visit, unless another node or a later one has it. Never throws for what happens. */
  public void visit(Due due) throws InterruptedException {
    try (Lane.Ticket ticket = lane(due.kind()).enter(due.sourceId(), due.priority())) {
      Duration longest = longest(due.kind());
      Optional<Visit> claimed =
          parts
              .ledger()
              .claim(
                  new Claim(
                      due.sourceId(),
                      due.slot(),
                      due.asked(),
                      due.recovering(),
                      longest.plus(HANDING_OVER)));
      if (claimed.isPresent()) {
        run(claimed.get(), longest, ticket);
      }
    } catch (PulsegridException storeAway) {
      // Not claimed, or not settled: the claim lapses by itself and a later slot goes on from the
      // old position.
      log.warn("Source {} could not be visited", due.sourceId(), storeAway);
    }
  }

  private void run(Visit visit, Duration longest, Lane.Ticket ticket) throws InterruptedException {
    Source source = visit.source();
    Instant started = parts.clock().instant();
    Collector.Result result = collect(visit, longest);
    if (parts.threads().isShutdown()) {
      // The node stops, and cut the visit short: that says nothing about the source. Quartz fires
      // it again elsewhere, or here after the start.
      throw new InterruptedException("the node stops");
    }
    ticket.ended(result instanceof Collector.Result.Failed);
    String ended =
        switch (result) {
          case Collector.Result.Collected collected -> take(visit, collected);
          case Collector.Result.NotModified _ ->
              told(parts.ledger().succeed(visit, source.position(), null), "not-modified");
          case Collector.Result.Held held -> held(visit, held);
          case Collector.Result.Gone gone -> gone(visit, gone);
          case Collector.Result.Failed failed -> failed(visit, failed);
        };
    Duration took = Duration.between(started, parts.clock().instant());
    meters.visit(source.spec().kind(), ended, took);
    Duration timeout = parts.rules().settings(source.spec().kind()).timeout();
    if (took.compareTo(timeout) > 0) {
      log.warn(
          "Source {} ({}) took {}: {}",
          source.id(),
          ShownAddress.of(source.spec().url()),
          took,
          ended);
    }
  }

  private Collector.Result collect(Visit visit, Duration longest) throws InterruptedException {
    Source source = visit.source();
    Source.Spec spec = source.spec();
    Future<Collector.Result> collecting =
        parts
            .threads()
            .submit(
                () ->
                    parts
                        .rules()
                        .collector(spec.kind())
                        .collect(
                            new Collector.Call(
                                source.id(), spec, visit.credentials(), source.position())));
    try {
      return collecting.get(longest.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException endless) {
      return new Collector.Result.Failed("did not end within " + longest, null);
    } catch (ExecutionException broken) {
      log.error("Collecting source {} broke; it counts as failed", source.id(), broken.getCause());
      return new Collector.Result.Failed("could not be read: " + broken.getCause(), null);
    } finally {
      collecting.cancel(true);
    }
  }

  private String take(Visit visit, Collector.Result.Collected collected)
      throws InterruptedException {
    Source source = visit.source();
    String kind = source.spec().kind();
    meters.posts(kind, "rejected", collected.rejected().size());
    if (!collected.rejected().isEmpty()) {
      log.info(
          "Source {} has {} entries that are no posts, such as {}",
          source.id(),
          collected.rejected().size(),
          collected.rejected().getFirst());
    }
    try {
      List<IncomingPost> posts = collected.posts();
      for (int start = 0; start < posts.size(); start += BATCH) {
        List<IncomingPost> batch = posts.subList(start, Math.min(posts.size(), start + BATCH));
        List<Intake.Receipt> receipts = parts.intake().take(source.workspace(), batch);
        count(source, receipts);
        // A crash here leaves posts that nobody follows, until the next visit brings them again.
        parts
            .follow()
            .collected(
                source.workspace(),
                source.id(),
                those(batch, receipts, Intake.Receipt.Accepted.class),
                those(batch, receipts, Intake.Receipt.Unchanged.class));
      }
    } catch (PulsegridException notNow) {
      if (notNow.code() != FailureCode.UNAVAILABLE) {
        throw notNow;
      }
      log.info("Source {} waits: {}", source.id(), notNow.getMessage());
      return told(postpone(visit, notNow.retryAfter().orElse(COME_BACK)), "postponed");
    }
    // The posts are durable now, the position is not. A crash here leaves posts that the next visit
    // collects again, which changes nothing; moving the position first would leave posts that
    // nobody ever collects.
    return told(parts.ledger().succeed(visit, collected.next(), collected.movedTo()), "collected");
  }

  private static List<IncomingPost> those(
      List<IncomingPost> batch,
      List<Intake.Receipt> receipts,
      Class<? extends Intake.Receipt> receipt) {
    List<IncomingPost> those = new ArrayList<>();
    for (int i = 0; i < batch.size(); i++) {
      if (receipt.isInstance(receipts.get(i))) {
        those.add(batch.get(i));
      }
    }
    return those;
  }

  private void count(Source source, List<Intake.Receipt> receipts) {
    int accepted = 0;
    int unchanged = 0;
    int parked = 0;
    for (Intake.Receipt receipt : receipts) {
      switch (receipt) {
        case Intake.Receipt.Accepted _ -> accepted++;
        case Intake.Receipt.Unchanged _ -> unchanged++;
        case Intake.Receipt.Parked row -> {
          parked++;
          log.warn("Source {}: post {} was parked: {}", source.id(), row.id(), row.reason());
        }
      }
    }
    String kind = source.spec().kind();
    meters.posts(kind, "accepted", accepted);
    meters.posts(kind, "unchanged", unchanged);
    meters.posts(kind, "parked", parked);
  }

  /** No fault of the source's: it is neither counted nor told of as one. */
  private String held(Visit visit, Collector.Result.Held held) throws InterruptedException {
    Duration hold = Duration.between(parts.clock().instant(), held.until());
    log.info(
        "Source {} ({}) waits for {}: {}",
        visit.source().id(),
        ShownAddress.of(visit.source().spec().url()),
        hold,
        held.detail());
    return told(postpone(visit, hold.isNegative() ? COME_BACK : hold), "held");
  }

  /**
   * Puts a visit off. Waits for the store where that is away, as Quartz does at the end of a job: a
   * visit that is given up is not made before the source's next slot.
   */
  private boolean postpone(Visit visit, Duration hold) throws InterruptedException {
    while (true) {
      try {
        return parts.ledger().postpone(visit, hold);
      } catch (PulsegridException away) {
        if (away.code() != FailureCode.UNAVAILABLE || parts.threads().isShutdown()) {
          throw away;
        }
        log.debug("Source {} is put off when the store answers", visit.source().id(), away);
      }
      CountDownLatch later = new CountDownLatch(1);
      Future<?> _ =
          parts.timer().schedule(later::countDown, COME_BACK.toMillis(), TimeUnit.MILLISECONDS);
      later.await();
    }
  }

  private String gone(Visit visit, Collector.Result.Gone gone) {
    log.warn(
        "Source {} ({}) ended: {}; it is not visited again until somebody changes it",
        visit.source().id(),
        ShownAddress.of(visit.source().spec().url()),
        gone.detail());
    return told(parts.ledger().end(visit, gone.detail()), "gone");
  }

  private String failed(Visit visit, Collector.Result.Failed failed) {
    Source source = visit.source();
    int failures = source.health().failuresInRow() + 1;
    Duration hold = Backoff.after(failures, source.spec().schedule(), failed.retryAfter());
    if (failures == 1) {
      log.warn(
          "Source {} ({}) failed: {}; it is tried again on its schedule",
          source.id(),
          ShownAddress.of(source.spec().url()),
          failed.detail());
    } else {
      log.info(
          "Source {} ({}) failed {} times in a row: {}; left alone for {}",
          source.id(),
          ShownAddress.of(source.spec().url()),
          failures,
          failed.detail(),
          hold);
    }
    return told(parts.ledger().fail(visit, failed.detail(), hold), "failed");
  }

  private static String told(boolean claimStood, String result) {
    return claimStood ? result : "overtaken";
  }

  private Lane lane(String kind) {
    return lanes.computeIfAbsent(
        kind, name -> new Lane(() -> parts.rules().settings(name).concurrency(), parts.timer()));
  }

  private Duration longest(String kind) {
    return parts.rules().settings(kind).timeout().multipliedBy(CALLS_A_VISIT);
  }
}
