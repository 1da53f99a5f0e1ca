package io.pulsegrid.node.publish;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.failure.FailureCode;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.publish.Channel;
import io.pulsegrid.core.publish.Delivery;
import io.pulsegrid.core.publish.DeliveryEvent;
import io.pulsegrid.core.publish.DeliveryState;
import io.pulsegrid.core.publish.ScheduledPost;
import io.pulsegrid.core.time.Resolved;
import io.pulsegrid.core.time.When;
import io.pulsegrid.node.store.ledger.Charge;
import io.pulsegrid.node.store.ledger.Ledger;
import io.pulsegrid.node.store.ledger.ScheduleStore.Moved;
import io.pulsegrid.node.store.ledger.ScheduleStore.NewDelivery;
import io.pulsegrid.node.store.ledger.Settlement;
import io.pulsegrid.node.store.ledger.SweepStore.Waiting;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;

/** Changes to a post that is scheduled already, within the caller's transaction. */
final class PostEdits {
  /** From where a person may still take a delivery back. */
  static final Set<DeliveryState> CANCELLABLE =
      Set.of(
          DeliveryState.DRAFT,
          DeliveryState.AWAITING_APPROVAL,
          DeliveryState.SCHEDULED,
          DeliveryState.RETRY,
          DeliveryState.UNCONFIRMED);

  private final Ledger ledger;
  private final DraftCheck check;
  private final Decisions decisions;
  private final Wakeup wakeup;

  PostEdits(Ledger ledger, DraftCheck check, Decisions decisions, Wakeup wakeup) {
    this.ledger = ledger;
    this.check = check;
    this.decisions = decisions;
    this.wakeup = wakeup;
  }

  ScheduledPost replace(
      WorkspaceId workspace,
      String id,
      ScheduledPost.Draft draft,
      Instant now,
      OptionalLong expectedVersion) {
    ScheduledPost before = locked(workspace, id, expectedVersion);
    List<Charge> charges = ledger.schedules().deliveriesForChange(id);
    requireUntouched(before.state(), charges);
    Map<String, Channel.Spec> channels =
        ledger.schedules().holdChannels(workspace, draft.channels());
    check.channels(draft, channels);
    Timetable timetable = Timetable.open(ledger.slots(), List.of(draft), channels, now);
    kept(before, charges).forEach(timetable::keep);
    List<Resolved> resolved = timetable.resolve(draft);
    check.time(draft, resolved, now);

    ScheduledPost wanted =
        new ScheduledPost(
            id,
            workspace,
            draft,
            resolved,
            before.state(),
            List.of(),
            before.version() + 1,
            before.createdAt(),
            before.occurrence());
    ledger.schedules().changePost(wanted);
    List<Moved> moved = new ArrayList<>();
    List<Settlement> taken = new ArrayList<>();
    for (Charge charge : charges) {
      Delivery delivery = charge.delivery();
      if (delivery.state() == DeliveryState.CANCELLED) {
        continue;
      }
      if (draft.channels().contains(delivery.channel())) {
        Instant due = wanted.resolvedOn(delivery.channel()).instant();
        moved.add(
            new Moved(
                delivery.id(),
                due,
                due.plus(draft.expiresAfter()),
                draft.priority(),
                draft.when() instanceof When.NextSlot,
                decisions.newId()));
      } else {
        taken.add(
            decisions.person(
                charge, new DeliveryEvent.Cancelled(), "an edit took it off this channel"));
      }
    }
    ledger.schedules().moveDeliveries(moved);
    ledger.settlements().settle(taken);
    // A channel that was named before keeps its delivery, cancelled or not: an edit revives
    // nothing.
    List<String> added = new ArrayList<>(draft.channels());
    added.removeAll(new HashSet<>(before.draft().channels()));
    ScheduledPost after = ledger.schedules().find(workspace, id).orElseThrow();
    List<NewDelivery> deliveries = deliveries(after, added, channels);
    ledger.schedules().addDeliveries(deliveries);
    ScheduledPost changed = ledger.schedules().find(workspace, id).orElseThrow();
    List<Waiting> waiting = new ArrayList<>(deliveries.stream().map(PostEdits::waiting).toList());
    for (Charge charge : charges) {
      changed.deliveries().stream()
          .filter(one -> one.id().equals(charge.delivery().id()))
          .filter(one -> one.state() == DeliveryState.SCHEDULED)
          .forEach(one -> waiting.add(waiting(one, charge.platform(), draft.priority())));
    }
    wakeAfterCommit(waiting);
    goneAfterCommit(
        charges.stream().filter(one -> taken.stream().anyMatch(t -> is(t, one))).toList());
    return changed;
  }

  void cancel(WorkspaceId workspace, String id, OptionalLong expectedVersion) {
    locked(workspace, id, expectedVersion);
    if (!cancelWhatIsLeft(id)) {
      throw PulsegridException.of(FailureCode.CONFLICT, "nothing of this post is left to cancel");
    }
  }

  /** Keeps everybody else from changing a post. */
  void lock(WorkspaceId workspace, String id) {
    ScheduledPost _ = locked(workspace, id, OptionalLong.empty());
  }

  /** Cancels what may still be taken back of a locked post; false if that is nothing. */
  boolean cancelWhatIsLeft(String id) {
    List<Charge> open =
        ledger.schedules().deliveriesForChange(id).stream()
            .filter(one -> CANCELLABLE.contains(one.delivery().state()))
            .toList();
    if (open.isEmpty()) {
      return false;
    }
    ledger
        .settlements()
        .settle(
            open.stream()
                .map(one -> decisions.person(one, new DeliveryEvent.Cancelled(), ""))
                .toList());
    goneAfterCommit(open);
    return true;
  }

  /** The slots that a post holds: an edit of its text moves nothing. */
  private static Map<String, Resolved> kept(ScheduledPost before, List<Charge> charges) {
    Map<String, Resolved> kept = new HashMap<>();
    if (before.draft().when() instanceof When.NextSlot) {
      charges.stream()
          .map(Charge::delivery)
          .filter(one -> one.state() != DeliveryState.CANCELLED)
          .forEach(one -> kept.put(one.channel(), before.resolvedOn(one.channel())));
    }
    return kept;
  }

  private ScheduledPost locked(WorkspaceId workspace, String id, OptionalLong expectedVersion) {
    ScheduledPost found =
        ledger
            .schedules()
            .findForChange(workspace, id)
            .orElseThrow(() -> PulsegridException.notFound("scheduled post", id));
    if (expectedVersion.isPresent() && expectedVersion.getAsLong() != found.version()) {
      throw PulsegridException.of(
          FailureCode.STALE,
          "the post is at version %d, not %d; read it again"
              .formatted(found.version(), expectedVersion.getAsLong()));
    }
    return found;
  }

  private static void requireUntouched(DeliveryState state, List<Charge> charges) {
    for (Charge charge : charges) {
      Delivery delivery = charge.delivery();
      boolean cancelled = delivery.state() == DeliveryState.CANCELLED;
      if (!cancelled && (!delivery.state().editable() || charge.standing().doubt() != null)) {
        throw PulsegridException.of(
            FailureCode.CONFLICT,
            "delivery %s is %s; a post can be changed until the first of it is armed"
                .formatted(delivery.id(), delivery.state()));
      }
    }
    if (state == DeliveryState.CANCELLED) {
      throw PulsegridException.of(FailureCode.CONFLICT, "the post is cancelled");
    }
  }

  List<NewDelivery> deliveries(
      ScheduledPost post, List<String> channels, Map<String, Channel.Spec> specs) {
    Instant now = decisions.now();
    List<NewDelivery> deliveries = new ArrayList<>();
    for (String channel : channels) {
      Instant asked = post.resolvedOn(channel).instant();
      Delivery delivery =
          new Delivery(
              decisions.newId(),
              post.workspace(),
              post.id(),
              channel,
              DeliveryState.SCHEDULED,
              asked,
              due(asked, now),
              0,
              Delivery.Result.NONE,
              1);
      deliveries.add(
          new NewDelivery(
              delivery,
              Objects.requireNonNull(specs.get(channel)).platform(),
              asked.plus(post.draft().expiresAfter()),
              post.draft().priority(),
              post.draft().when() instanceof When.NextSlot,
              decisions.newId(),
              decisions.newId()));
    }
    return deliveries;
  }

  /** What was asked for when its time was long over is due now: nothing held it back. */
  private static Instant due(Instant asked, Instant now) {
    return asked.isBefore(now.minus(CatchUp.SHORT)) ? now.truncatedTo(ChronoUnit.MICROS) : asked;
  }

  void wakeAfterCommit(List<Waiting> deliveries) {
    ledger.schedules().afterCommit(() -> wakeup.waits(deliveries));
  }

  void goneAfterCommit(List<Charge> charges) {
    List<Waiting> gone = charges.stream().map(one -> waiting(one.delivery(), one)).toList();
    ledger.schedules().afterCommit(() -> wakeup.gone(gone));
  }

  static Waiting waiting(NewDelivery one) {
    Delivery delivery = one.delivery();
    return new Waiting(
        delivery.id(),
        delivery.channel(),
        one.platform(),
        delivery.dueAt(),
        one.priority(),
        delivery.fence(),
        delivery.wantedAt());
  }

  static Waiting waiting(Delivery now, Charge before) {
    return waiting(now, before.platform(), before.priority());
  }

  private static Waiting waiting(Delivery now, String platform, int priority) {
    return new Waiting(
        now.id(), now.channel(), platform, now.dueAt(), priority, now.fence(), now.wantedAt());
  }

  private static boolean is(Settlement settlement, Charge charge) {
    return settlement.delivery().equals(charge.delivery().id());
  }
}
