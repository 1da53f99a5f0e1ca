package io.pulsegrid.node.publish;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.failure.FailureCode;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.page.Page;
import io.pulsegrid.core.page.PageRequest;
import io.pulsegrid.core.publish.Attempt;
import io.pulsegrid.core.publish.Channel;
import io.pulsegrid.core.publish.Delivery;
import io.pulsegrid.core.publish.DeliveryEvent;
import io.pulsegrid.core.publish.DeliveryState;
import io.pulsegrid.core.publish.Publishing;
import io.pulsegrid.core.publish.ScheduledPost;
import io.pulsegrid.core.time.Resolved;
import io.pulsegrid.node.store.ledger.Charge;
import io.pulsegrid.node.store.ledger.Ledger;
import io.pulsegrid.node.store.ledger.ScheduleStore.NewDelivery;
import io.pulsegrid.node.store.ledger.Settlement;
import io.pulsegrid.node.store.ledger.Settlement.Kind;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
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

  private final Ledger ledger;
  private final DraftCheck check;
  private final Decisions decisions;
  private final Wakeup wakeup;
  private final PostEdits edits;

  LedgerPublishing(Ledger ledger, DraftCheck check, Decisions decisions, Wakeup wakeup) {
    this.ledger = ledger;
    this.check = check;
    this.decisions = decisions;
    this.wakeup = wakeup;
    this.edits = new PostEdits(ledger, check, decisions, wakeup);
  }

  @Override
  public ScheduledPost schedule(WorkspaceId workspace, ScheduledPost.Draft draft) {
    check.shape(draft);
    Instant now = now();
    check.time(draft, Resolved.of(draft.when(), now, ZoneOffset.UTC), now);
    return ledger
        .schedules()
        .inTransaction(
            () -> {
              Map<String, Channel.Spec> channels =
                  ledger.schedules().holdChannels(workspace, draft.channels());
              check.channels(draft, channels);
              Resolved resolved = PostEdits.resolved(draft, now, channels);
              ScheduledPost post = post(decisions.newId(), workspace, draft, resolved, now);
              List<NewDelivery> deliveries = edits.deliveries(post, draft.channels(), channels);
              ledger.schedules().addPosts(List.of(post));
              ledger.schedules().addDeliveries(deliveries);
              edits.wakeAfterCommit(deliveries.stream().map(PostEdits::waiting).toList());
              return with(post, deliveries.stream().map(NewDelivery::delivery).toList());
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
    check.time(draft, Resolved.of(draft.when(), now, ZoneOffset.UTC), now);
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
    ledger.deliveries().pauseAll(true);
  }

  @Override
  public void resume() {
    ledger.deliveries().pauseAll(false);
    ledger.schedules().afterCommit(wakeup::switched);
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
        } else if (settlement.step().state() != DeliveryState.PUBLISHED) {
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

  private static ScheduledPost post(
      String id,
      WorkspaceId workspace,
      ScheduledPost.Draft draft,
      Resolved resolved,
      Instant createdAt) {
    return new ScheduledPost(
        id, workspace, draft, resolved, DeliveryState.SCHEDULED, List.of(), 1, createdAt);
  }

  private static ScheduledPost with(ScheduledPost post, List<Delivery> deliveries) {
    return new ScheduledPost(
        post.id(),
        post.workspace(),
        post.draft(),
        post.resolved(),
        ScheduledPost.leastAdvanced(deliveries),
        deliveries,
        post.version(),
        post.createdAt());
  }
}
