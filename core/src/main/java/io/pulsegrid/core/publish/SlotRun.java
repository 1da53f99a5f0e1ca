package io.pulsegrid.core.publish;

import io.pulsegrid.core.time.Resolved;
import io.pulsegrid.core.time.When;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;

/**
 * The free slots of one channel, one after the other: its weekly times on the clocks of its zone,
 * each at most once. Daylight saving may move two of them to one instant: they count as one. Not
 * for many threads.
 */
public final class SlotRun {
  /** How far ahead a slot may lie. */
  public static final Duration FARTHEST = Duration.ofDays(3_650);

  private static final int DAYS_AT_ONCE = 7;

  private final List<Channel.Slot> slots;
  private final ZoneId zone;
  private final Set<Instant> taken;
  private final Instant end;
  private final Queue<Resolved> ahead = new ArrayDeque<>();
  private final Deque<Resolved> back = new ArrayDeque<>();
  private LocalDate date;
  private Instant last;

  /**
   * Begins with the first slot after an instant.
   *
   * @param taken instants at which the channel speaks already
   */
  public SlotRun(List<Channel.Slot> slots, ZoneId zone, Instant after, Set<Instant> taken) {
    this.slots = List.copyOf(slots);
    this.zone = zone;
    this.taken = Set.copyOf(taken);
    this.end = after.plus(FARTHEST);
    // A gap of up to a day may have moved a slot of yesterday behind now.
    this.date = LocalDate.ofInstant(after, zone).minusDays(1);
    this.last = after;
  }

  /** The next free one; empty when there is none within ten years. */
  public Optional<Resolved> next() {
    if (!back.isEmpty()) {
      return Optional.of(back.pop());
    }
    while (!slots.isEmpty() && last.isBefore(end)) {
      if (ahead.isEmpty()) {
        readOn();
      }
      Resolved slot = ahead.remove();
      Instant at = slot.instant();
      if (at.isAfter(last)) {
        last = at;
        if (!taken.contains(at) && !at.isAfter(end)) {
          return Optional.of(slot);
        }
      }
    }
    return Optional.empty();
  }

  /** Takes back the one that was given out last: it is the next one again. */
  public void takeBack(Resolved slot) {
    back.push(slot);
  }

  private void readOn() {
    LocalDate from = date;
    date = from.plusDays(DAYS_AT_ONCE);
    from.datesUntil(date)
        .flatMap(
            day ->
                slots.stream()
                    .filter(slot -> slot.day() == day.getDayOfWeek())
                    .map(slot -> new When.Local(day.atTime(slot.time()), zone)))
        .map(wish -> Resolved.of(wish, last, zone))
        .sorted(Comparator.comparing(Resolved::instant))
        .forEach(ahead::add);
  }
}
