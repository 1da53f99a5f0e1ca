package io.pulsegrid.core.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.core.time.Resolved;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SlotRunTest {
  // A Sunday.
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  private static final ZoneId PARIS = ZoneId.of("Europe/Paris");

  private static Channel.Slot slot(DayOfWeek day, String time) {
    return new Channel.Slot(day, LocalTime.parse(time));
  }

  private static List<Channel.Slot> daily(String time) {
    return Arrays.stream(DayOfWeek.values()).map(day -> slot(day, time)).toList();
  }

  private static Instant next(SlotRun run) {
    return run.next().orElseThrow().instant();
  }

  /** Others read slots as UTC. */
  @Test
  void theNextSlotIsOnTheChannelsOwnClock() {
    SlotRun run =
        new SlotRun(
            List.of(slot(DayOfWeek.WEDNESDAY, "18:30"), slot(DayOfWeek.MONDAY, "09:00")),
            PARIS,
            NOW,
            Set.of());

    assertThat(next(run)).isEqualTo(Instant.parse("2026-11-23T08:00:00Z"));
    assertThat(next(run)).isEqualTo(Instant.parse("2026-11-25T17:30:00Z"));
    assertThat(next(run)).isEqualTo(Instant.parse("2026-11-30T08:00:00Z"));
  }

  @Test
  void aSlotThatIsTakenIsPassedOver() {
    SlotRun run =
        new SlotRun(
            List.of(slot(DayOfWeek.MONDAY, "09:00")),
            PARIS,
            NOW,
            Set.of(Instant.parse("2026-11-23T08:00:00Z")));

    assertThat(next(run)).isEqualTo(Instant.parse("2026-11-30T08:00:00Z"));
  }

  @Test
  void theSlotOfThisVeryMomentIsGone() {
    SlotRun run = new SlotRun(List.of(slot(DayOfWeek.SUNDAY, "13:00")), PARIS, NOW, Set.of());

    assertThat(next(run)).isEqualTo(Instant.parse("2026-11-29T12:00:00Z"));
  }

  @Test
  void twoSlotsThatDaylightSavingMovesTogetherAreOne() {
    // On 29 March 2026 the clocks of Paris skip 02:00 to 03:00.
    SlotRun run =
        new SlotRun(
            List.of(slot(DayOfWeek.SUNDAY, "02:30"), slot(DayOfWeek.SUNDAY, "03:30")),
            PARIS,
            Instant.parse("2026-03-28T12:00:00Z"),
            Set.of());

    assertThat(next(run)).isEqualTo(Instant.parse("2026-03-29T01:30:00Z"));
    assertThat(next(run)).isEqualTo(Instant.parse("2026-04-05T00:30:00Z"));
  }

  @Test
  void aChannelWithoutSlotsHasNoNextOne() {
    assertThat(new SlotRun(List.of(), PARIS, NOW, Set.of()).next()).isEmpty();
  }

  @Test
  void whoeverFillsTenYearsIsTold() {
    SlotRun run = new SlotRun(daily("09:00"), ZoneOffset.UTC, NOW, Set.of());
    int found = 0;
    while (run.next().isPresent()) {
      found++;
    }

    assertThat(found).isBetween(3_649, 3_650);
    assertThat(run.next()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("io.pulsegrid.core.time.ResolvedTest#zones")
  void aDailySlotComesOnceADayForTenYears(String name) {
    ZoneId zone = ZoneId.of(name);
    Instant from = Instant.parse("2011-01-01T00:00:00Z");
    for (String time : List.of("00:00", "02:30", "09:00", "23:30")) {
      SlotRun run = new SlotRun(daily(time), zone, from, Set.of());
      Instant before = from;
      for (int i = 0; i < 3_640; i++) {
        Resolved slot = run.next().orElseThrow();
        LocalDateTime shown = LocalDateTime.ofInstant(slot.instant(), zone);

        assertThat(slot.instant()).isAfter(before);
        // Some of Apia's days in 2011 do not exist.
        assertThat(Duration.between(before, slot.instant())).isLessThan(Duration.ofHours(51));
        if (slot.adjustment() == Resolved.Adjustment.GAP) {
          assertThat(shown).isAfter(slot.local());
        } else {
          assertThat(shown).isEqualTo(slot.local());
          assertThat(shown.toLocalTime()).isEqualTo(LocalTime.parse(time));
        }
        before = slot.instant();
      }
    }
  }
}
