package io.pulsegrid.node.publish;

import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.publish.Channel;
import io.pulsegrid.core.publish.ScheduledPost;
import io.pulsegrid.core.publish.SlotRun;
import io.pulsegrid.core.time.Resolved;
import io.pulsegrid.core.time.When;
import io.pulsegrid.node.store.ledger.SlotStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the times of posts come to, within the transaction that writes them: the slots it gives out
 * are nobody else's until it ends, and each is given once.
 */
final class Timetable {
  private final Map<String, Channel.Spec> channels;
  private final Map<String, SlotRun> runs;
  private final Map<String, Resolved> kept = new HashMap<>();
  private final Map<String, Resolved> given = new HashMap<>();
  private final Instant now;

  private Timetable(Map<String, Channel.Spec> channels, Map<String, SlotRun> runs, Instant now) {
    this.channels = channels;
    this.runs = runs;
    this.now = now;
  }

  /**
   * Opened for these drafts.
   *
   * @param channels the workspace's channels among those they name
   */
  static Timetable open(
      SlotStore store,
      List<ScheduledPost.Draft> drafts,
      Map<String, Channel.Spec> channels,
      Instant now) {
    Set<String> asked = new TreeSet<>();
    drafts.stream()
        .filter(draft -> draft.when() instanceof When.NextSlot)
        .forEach(draft -> asked.addAll(draft.channels()));
    asked.retainAll(channels.keySet());
    Map<String, SlotRun> runs = new HashMap<>();
    if (!asked.isEmpty()) {
      Map<String, List<Channel.Slot>> slots = store.lockSlots(asked);
      Map<String, Set<Instant>> taken = store.takenAfter(asked, now);
      for (String channel : asked) {
        runs.put(
            channel,
            new SlotRun(
                slots.getOrDefault(channel, List.of()),
                Objects.requireNonNull(channels.get(channel)).zone(),
                now,
                taken.getOrDefault(channel, Set.of())));
      }
    }
    return new Timetable(channels, runs, now);
  }

  /** The slot that a post holds on a channel and is given again. */
  void keep(String channel, Resolved slot) {
    kept.put(channel, slot);
  }

  /**
   * What a draft's time comes to: one for all its channels, or one for each in their order.
   *
   * @throws PulsegridException {@code INVALID} where a channel has no free slot
   */
  List<Resolved> resolve(ScheduledPost.Draft draft) {
    return switch (draft.when()) {
      // Without a zone of its own it is told on the wall of the channel named first.
      case When.Now when -> List.of(on(when, draft.channels().getFirst()));
      case When.At when -> List.of(on(when, draft.channels().getFirst()));
      case When.Local when -> List.of(on(when, draft.channels().getFirst()));
      case When.ChannelLocal when ->
          together(draft.channels().stream().map(channel -> on(when, channel)).toList());
      case When.NextSlot _ -> together(draft.channels().stream().map(this::nextSlot).toList());
    };
  }

  /** Begins with another draft: the slots that were given out stay given. */
  void begin() {
    given.clear();
  }

  /** Takes back the slots that this draft was given: it does not come to be. */
  void takeBack() {
    given.forEach((channel, slot) -> Objects.requireNonNull(runs.get(channel)).takeBack(slot));
    given.clear();
  }

  private Resolved on(When.Moment when, String channel) {
    return Resolved.of(when, now, Objects.requireNonNull(channels.get(channel)).zone());
  }

  private Resolved nextSlot(String channel) {
    Resolved held = kept.get(channel);
    if (held != null) {
      return held;
    }
    Resolved slot =
        Objects.requireNonNull(runs.get(channel))
            .next()
            .orElseThrow(
                () ->
                    PulsegridException.invalid(
                        "when.slot", "channel " + channel + " has no free slot within ten years"));
    given.put(channel, slot);
    return slot;
  }

  private static List<Resolved> together(List<Resolved> each) {
    return each.stream().distinct().count() == 1 ? List.of(each.getFirst()) : new ArrayList<>(each);
  }
}
