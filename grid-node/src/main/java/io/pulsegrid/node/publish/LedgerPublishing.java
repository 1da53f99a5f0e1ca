package io.pulsegrid.node.publish;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.failure.FailureCode;
import io.pulsegrid.core.failure.FieldError;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.page.Page;
import io.pulsegrid.core.page.PageRequest;
import io.pulsegrid.core.publish.Attempt;
import io.pulsegrid.core.publish.Delivery;
import io.pulsegrid.core.publish.DeliveryEvent;
import io.pulsegrid.core.publish.DeliveryState;
import io.pulsegrid.core.publish.Publishing;
import io.pulsegrid.core.publish.ScheduledPost;
import io.pulsegrid.node.store.ledger.Charge;
import io.pulsegrid.node.store.ledger.Ledger;
import io.pulsegrid.node.store.ledger.Settlement;
import io.pulsegrid.node.store.ledger.Settlement.Kind;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Publishing as people ask for it. Everything is committed in the ledger before a method answers;
 * the grid is told afterwards, and a crash in between only costs the time until the next sweep.
 */
final class LedgerPublishing implements Publishing {
  private static final int TRIES = 3;
  private static final int CANCELLED_AT_ONCE = 500;

  private final Ledger ledger;
  private final DraftCheck check;
  private final Decisions decisions;
  private final Wakeup wakeup;
  private final PostEdits edits;
  private final Scheduling scheduling;
  private final LedgerSeries series;

  LedgerPublishing(Ledger ledger, DraftCheck check, Decisions decisions, Wakeup wakeup) {
    this.ledger = ledger;
    this.check = check;
    this.decisions = decisions;
    this.wakeup = wakeup;
    this.edits = new PostEdits(ledger, check, decisions, wakeup);
    this.scheduling = new Scheduling(ledger, check, decisions, edits);
    this.series =
        new LedgerSeries(ledger, check, decisions, scheduling, edits, new RecurrenceRules());
  }

  /** What comes again and again, over the same ledger. */
  LedgerSeries series() {
    return series;
  }

  @Override
  public ScheduledPost schedule(WorkspaceId workspace, ScheduledPost.Draft draft) {
    return scheduling.one(workspace, draft, now());
  }

  @Override
  public List<Placed> scheduleAll(
      WorkspaceId workspace, List<ScheduledPost.Draft> drafts, boolean together) {
    return ledger
        .schedules()
        .inTransaction(
            () -> {
              List<Placed> placed =
                  scheduling.all(
                      workspace,
                      drafts.stream().map(draft -> new Scheduling.Wish(draft, null)).toList(),
                      now());
              if (together) {
                refuseAny(placed);
              }
              return placed;
            });
  }

  @Override
  public Optional<ScheduledPost> find(WorkspaceId workspace, String id) {
    return ledger.schedules().find(workspace, id);
  }

  @Override
  public Page<ScheduledPost> list(WorkspaceId workspace, PageRequest page) {
    return ledger.schedules().list(workspace, page);
  }

  @Override
  public ScheduledPost replace(
      WorkspaceId workspace, String id, ScheduledPost.Draft draft, OptionalLong expectedVersion) {
    check.shape(draft);
    Instant now = now();
    return ledger
        .schedules()
        .inTransaction(() -> edits.replace(workspace, id, draft, now, expectedVersion));
  }

  @Override
  public void cancel(WorkspaceId workspace, String id, OptionalLong expectedVersion) {
    ledger
        .schedules()
        .inTransaction(
            () -> {
              edits.cancel(workspace, id, expectedVersion);
              return id;
            });
  }

  @Override
  public Optional<Delivery> findDelivery(WorkspaceId workspace, String id) {
    return ledger.deliveries().find(workspace, id);
  }

  @Override
  public List<Attempt> attempts(WorkspaceId workspace, String deliveryId) {
    return ledger.deliveries().attempts(workspace, deliveryId);
  }

  @Override
  public Page<Delivery> listDeliveries(
      WorkspaceId workspace,
      @Nullable DeliveryState state,
      @Nullable String channel,
      PageRequest page) {
    return ledger.deliveries().list(workspace, state, channel, page);
  }

  @Override
  public List<Delivery> latestDeliveries(WorkspaceId workspace, DeliveryState state, int limit) {
    return ledger.deliveries().latest(workspace, state, limit);
  }

  @Override
  public Delivery retry(WorkspaceId workspace, String deliveryId) {
    // In one transaction, so that the channel stays until the delivery counts as waiting on it.
    return ledger
        .schedules()
        .inTransaction(
            () ->
                decide(
                    workspace,
                    deliveryId,
                    Set.of(DeliveryState.FAILED),
                    charge -> {
                      requireChannel(workspace, charge.delivery().channel());
                      return decisions.person(charge, new DeliveryEvent.Redriven(), "");
                    }));
  }

  @Override
  public Delivery cancelDelivery(WorkspaceId workspace, String deliveryId) {
    return decide(
        workspace,
        deliveryId,
        PostEdits.CANCELLABLE,
        charge -> decisions.person(charge, new DeliveryEvent.Cancelled(), ""));
  }

  @Override
  public Delivery confirm(
      WorkspaceId workspace, String deliveryId, boolean published, @Nullable String remoteId) {
    return decide(
        workspace,
        deliveryId,
        Set.of(DeliveryState.UNCONFIRMED),
        charge -> {
          if (published && remoteId != null) {
            requireFree(charge.delivery(), remoteId);
          }
          return decisions.confirmed(charge, published, remoteId);
        });
  }

  @Override
  public Counts counts(WorkspaceId workspace) {
    return ledger.deliveries().counts(workspace);
  }

  @Override
  public void pause() {
    ledger.switches().pauseAll(true);
  }

  @Override
  public void resume() {
    ledger.switches().pauseAll(false);
    ledger.schedules().afterCommit(wakeup::switched);
  }

  @Override
  public void pause(String platform) {
    PlatformWorkers.requireKnown(platform, check.platforms());
    ledger.switches().pausePlatform(platform, true);
  }

  @Override
  public void resume(String platform) {
    PlatformWorkers.requireKnown(platform, check.platforms());
    ledger.switches().pausePlatform(platform, false);
    ledger.schedules().afterCommit(wakeup::switched);
  }

  @Override
  public long cancelAll(WorkspaceId workspace, DeliveryState state, @Nullable Instant before) {
    // What is in doubt is decided one by one.
    boolean waits = PostEdits.CANCELLABLE.contains(state) && state != DeliveryState.UNCONFIRMED;
    if (!waits && state != DeliveryState.FAILED) {
      throw PulsegridException.invalid(
          "state", "must be SCHEDULED, RETRY, DRAFT, AWAITING_APPROVAL or FAILED, was " + state);
    }
    long cancelled = 0;
    while (true) {
      List<Charge> charges =
          ledger.deliveries().chargesIn(workspace, state, before, CANCELLED_AT_ONCE);
      if (charges.isEmpty()) {
        return cancelled;
      }
      // What is armed meanwhile has another fence: it is left out here, and not found again.
      int changed =
          ledger
              .settlements()
              .settle(
                  charges.stream()
                      .map(one -> decisions.person(one, new DeliveryEvent.Cancelled(), ""))
                      .toList())
              .size();
      cancelled += changed;
      edits.goneAfterCommit(charges);
      if (changed == 0) {
        return cancelled;
      }
    }
  }

  private Delivery decide(
      WorkspaceId workspace,
      String id,
      Set<DeliveryState> from,
      Function<Charge, Settlement> decision) {
    for (int i = 0; i < TRIES; i++) {
      Charge charge =
          ledger
              .deliveries()
              .findCharge(workspace, id)
              .orElseThrow(() -> PulsegridException.notFound("delivery", id));
      if (!from.contains(charge.delivery().state())) {
        throw PulsegridException.of(
            FailureCode.CONFLICT, "the delivery is " + charge.delivery().state());
      }
      Settlement settlement = decision.apply(charge);
      List<Delivery> changed = ledger.settlements().settle(List.of(settlement));
      if (!changed.isEmpty()) {
        Delivery delivery = changed.getFirst();
        if (settlement.entry().kind() == Kind.CANCELLED) {
          edits.goneAfterCommit(List.of(charge));
        } else if (delivery.state() == DeliveryState.SCHEDULED
            || delivery.state() == DeliveryState.RETRY) {
          edits.wakeAfterCommit(List.of(PostEdits.waiting(delivery, charge)));
        }
        return delivery;
      }
      // Its fence rose between the look and the write: look again.
    }
    throw PulsegridException.of(
        FailureCode.IN_FLIGHT, "the delivery is changing just now; try again");
  }

  private void requireChannel(WorkspaceId workspace, String channel) {
    if (ledger.schedules().holdChannels(workspace, List.of(channel)).isEmpty()) {
      throw PulsegridException.of(
          FailureCode.CONFLICT,
          "channel %s is deleted; nothing can go out on it".formatted(channel));
    }
  }

  private void requireFree(Delivery delivery, String remoteId) {
    ledger
        .deliveries()
        .holderOf(delivery.channel(), remoteId)
        .filter(holder -> !holder.equals(delivery.id()))
        .ifPresent(
            holder -> {
              throw PulsegridException.invalid(
                  "remoteId", "belongs to delivery " + holder + " on this channel");
            });
  }

  private Instant now() {
    return decisions.now().truncatedTo(ChronoUnit.MICROS);
  }

  /** The transaction does not outlive what is thrown here: nothing of it is kept. */
  private static void refuseAny(List<Placed> placed) {
    List<FieldError> errors = new ArrayList<>();
    for (int i = 0; i < placed.size(); i++) {
      if (placed.get(i) instanceof Placed.Refused(List<FieldError> refused)) {
        for (FieldError error : refused) {
          errors.add(new FieldError("[" + i + "]." + error.field(), error.message()));
        }
      }
    }
    if (!errors.isEmpty()) {
      throw PulsegridException.invalid(errors);
    }
  }
}
