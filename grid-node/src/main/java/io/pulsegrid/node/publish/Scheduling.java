package io.pulsegrid.node.publish;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.failure.FailureCode;
import io.pulsegrid.core.failure.FieldError;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.publish.Channel;
import io.pulsegrid.core.publish.DeliveryState;
import io.pulsegrid.core.publish.Occurrence;
import io.pulsegrid.core.publish.Publishing.Placed;
import io.pulsegrid.core.publish.ScheduledPost;
import io.pulsegrid.core.time.Resolved;
import io.pulsegrid.node.store.ledger.Ledger;
import io.pulsegrid.node.store.ledger.ScheduleStore.NewDelivery;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * New posts on their way into the ledger: checked, given their times, written with their deliveries
 * in one transaction, however many they are.
 */
final class Scheduling {
  private final Ledger ledger;
  private final DraftCheck check;
  private final Decisions decisions;
  private final PostEdits edits;

  Scheduling(Ledger ledger, DraftCheck check, Decisions decisions, PostEdits edits) {
    this.ledger = ledger;
    this.check = check;
    this.decisions = decisions;
    this.edits = edits;
  }

  /**
   * A post that is wanted.
   *
   * @param occurrence which of a series; null for one that stands alone
   */
  record Wish(ScheduledPost.Draft draft, @Nullable Occurrence occurrence) {}

  /** What one wish becomes before it is written. */
  private record Entry(ScheduledPost post, List<NewDelivery> deliveries) {}

  ScheduledPost one(WorkspaceId workspace, ScheduledPost.Draft draft, Instant now) {
    return switch (all(workspace, List.of(new Wish(draft, null)), now).getFirst()) {
      case Placed.Scheduled(ScheduledPost post) -> post;
      case Placed.Refused(List<FieldError> errors) -> throw PulsegridException.invalid(errors);
    };
  }

  /** Writes those at which nothing is wrong; answers for each in its place. */
  List<Placed> all(WorkspaceId workspace, List<Wish> wishes, Instant now) {
    List<ScheduledPost.Draft> drafts = wishes.stream().map(Wish::draft).toList();
    return ledger
        .schedules()
        .inTransaction(
            () -> {
              Set<String> ids = new LinkedHashSet<>();
              drafts.forEach(draft -> ids.addAll(draft.channels()));
              Map<String, Channel.Spec> channels =
                  ledger.schedules().holdChannels(workspace, List.copyOf(ids));
              Timetable timetable = Timetable.open(ledger.slots(), drafts, channels, now);
              List<Placed> placed = new ArrayList<>(wishes.size());
              List<Entry> entries = new ArrayList<>(wishes.size());
              for (Wish wish : wishes) {
                timetable.begin();
                try {
                  Entry entry = entry(workspace, wish, channels, timetable, now);
                  entries.add(entry);
                  placed.add(new Placed.Scheduled(entry.post()));
                } catch (PulsegridException e) {
                  if (e.code() != FailureCode.INVALID) {
                    throw e;
                  }
                  timetable.takeBack();
                  placed.add(new Placed.Refused(e.errors()));
                }
              }
              write(entries);
              return placed;
            });
  }

  private Entry entry(
      WorkspaceId workspace,
      Wish wish,
      Map<String, Channel.Spec> channels,
      Timetable timetable,
      Instant now) {
    ScheduledPost.Draft draft = wish.draft();
    check.shape(draft);
    check.channels(draft, channels);
    List<Resolved> resolved = timetable.resolve(draft);
    check.time(draft, resolved, now);
    ScheduledPost bare =
        new ScheduledPost(
            decisions.newId(),
            workspace,
            draft,
            resolved,
            DeliveryState.SCHEDULED,
            List.of(),
            1,
            now,
            wish.occurrence());
    List<NewDelivery> deliveries = edits.deliveries(bare, draft.channels(), channels);
    return new Entry(
        bare.with(deliveries.stream().map(NewDelivery::delivery).toList()), deliveries);
  }

  private void write(List<Entry> entries) {
    if (entries.isEmpty()) {
      return;
    }
    List<NewDelivery> deliveries =
        entries.stream().flatMap(entry -> entry.deliveries().stream()).toList();
    ledger.schedules().addPosts(entries.stream().map(Entry::post).toList());
    ledger.schedules().addDeliveries(deliveries);
    edits.wakeAfterCommit(deliveries.stream().map(PostEdits::waiting).toList());
  }
}
