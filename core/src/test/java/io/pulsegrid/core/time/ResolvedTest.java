package io.pulsegrid.core.time;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.core.time.Resolved.Adjustment;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ResolvedTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final Instant FROM = Instant.parse("2010-01-01T00:00:00Z");
  private static final Instant UNTIL = Instant.parse("2035-01-01T00:00:00Z");

  // Half-hour shifts (Lord Howe), a lost day (Apia), negative summer time (Dublin), shifts at
  // midnight (Beirut, Havana, Santiago), moved rules (Casablanca, Moscow, Cairo), far offsets.
  private static List<String> zones() {
    return List.of(
        "Europe/Paris",
        "Europe/London",
        "Europe/Dublin",
        "Europe/Moscow",
        "Europe/Istanbul",
        "America/New_York",
        "America/Los_Angeles",
        "America/St_Johns",
        "America/Sao_Paulo",
        "America/Havana",
        "America/Santiago",
        "America/Godthab",
        "Africa/Casablanca",
        "Africa/Cairo",
        "Asia/Beirut",
        "Asia/Tehran",
        "Asia/Kolkata",
        "Australia/Lord_Howe",
        "Australia/Sydney",
        "Pacific/Auckland",
        "Pacific/Apia",
        "Pacific/Chatham");
  }

  @ParameterizedTest
  @MethodSource("zones")
  void aGapMovesForwardByItsLength(String name) {
    ZoneId zone = ZoneId.of(name);
    for (ZoneOffsetTransition transition : transitions(zone)) {
      if (!transition.isGap()) {
        continue;
      }
      Duration gap = transition.getDuration();
      for (LocalDateTime wish : inside(transition.getDateTimeBefore(), gap)) {
        Resolved resolved = Resolved.of(new When.Local(wish, zone), NOW, ZoneOffset.UTC);

        assertThat(resolved.adjustment()).isEqualTo(Adjustment.GAP);
        assertThat(resolved.local()).isEqualTo(wish);
        assertThat(LocalDateTime.ofInstant(resolved.instant(), zone)).isEqualTo(wish.plus(gap));
      }
      assertExists(transition.getDateTimeBefore().minusNanos(1), zone);
      assertExists(transition.getDateTimeAfter(), zone);
    }
  }

  @ParameterizedTest
  @MethodSource("zones")
  void anOverlapTakesTheFirst(String name) {
    ZoneId zone = ZoneId.of(name);
    for (ZoneOffsetTransition transition : transitions(zone)) {
      if (!transition.isOverlap()) {
        continue;
      }
      Duration overlap = transition.getDuration().negated();
      for (LocalDateTime wish : inside(transition.getDateTimeAfter(), overlap)) {
        Resolved resolved = Resolved.of(new When.Local(wish, zone), NOW, ZoneOffset.UTC);

        assertThat(resolved.adjustment()).isEqualTo(Adjustment.OVERLAP);
        assertThat(resolved.instant()).isBefore(transition.getInstant());
        assertThat(LocalDateTime.ofInstant(resolved.instant(), zone)).isEqualTo(wish);
        assertThat(LocalDateTime.ofInstant(resolved.instant().plus(overlap), zone)).isEqualTo(wish);
      }
      assertExists(transition.getDateTimeBefore(), zone);
      assertExists(transition.getDateTimeAfter().minusNanos(1), zone);
    }
  }

  @Property(tries = 200)
  void aTimeThatExistsOnceIsThatTime(
      @ForAll @IntRange(max = 21) int zoneIndex,
      @ForAll @LongRange(min = 1_262_304_000, max = 2_051_222_400) long seconds) {
    ZoneId zone = ZoneId.of(zones().get(zoneIndex));
    LocalDateTime wish = LocalDateTime.ofInstant(Instant.ofEpochSecond(seconds), zone);
    Resolved resolved = Resolved.of(new When.Local(wish, zone), NOW, ZoneOffset.UTC);

    switch (resolved.adjustment()) {
      case NONE -> assertThat(resolved.instant()).isEqualTo(Instant.ofEpochSecond(seconds));
      case OVERLAP ->
          assertThat(resolved.instant()).isBeforeOrEqualTo(Instant.ofEpochSecond(seconds));
      case GAP -> throw new AssertionError("a clock showed " + wish + " in " + zone);
    }
  }

  @Test
  void nowIsNowAndAnInstantIsItselfToldOnTheGivenWall() {
    Instant at = Instant.parse("2026-12-01T08:00:00Z");

    ZoneId paris = ZoneId.of("Europe/Paris");
    assertThat(Resolved.of(new When.Now(), NOW, paris).instant()).isEqualTo(NOW);
    Resolved resolved = Resolved.of(new When.At(at), NOW, paris);
    assertThat(resolved.instant()).isEqualTo(at);
    assertThat(resolved.zone()).isEqualTo(paris);
    assertThat(resolved.local()).isEqualTo(LocalDateTime.parse("2026-12-01T09:00:00"));
    assertThat(resolved.adjustment()).isEqualTo(Adjustment.NONE);
  }

  @Test
  void twentyZonesHaveBothKindsOfShift() {
    List<ZoneOffsetTransition> all =
        zones().stream().flatMap(name -> transitions(ZoneId.of(name)).stream()).toList();

    assertThat(all.stream().filter(ZoneOffsetTransition::isGap).count()).isGreaterThan(300);
    assertThat(all.stream().filter(ZoneOffsetTransition::isOverlap).count()).isGreaterThan(300);
  }

  private static void assertExists(LocalDateTime wish, ZoneId zone) {
    Resolved resolved = Resolved.of(new When.Local(wish, zone), NOW, ZoneOffset.UTC);

    assertThat(resolved.adjustment()).isEqualTo(Adjustment.NONE);
    assertThat(LocalDateTime.ofInstant(resolved.instant(), zone)).isEqualTo(wish);
  }

  private static List<LocalDateTime> inside(LocalDateTime first, Duration length) {
    return List.of(first, first.plus(length.dividedBy(3)), first.plus(length).minusNanos(1));
  }

  private static List<ZoneOffsetTransition> transitions(ZoneId zone) {
    List<ZoneOffsetTransition> transitions = new ArrayList<>();
    ZoneOffsetTransition next = zone.getRules().nextTransition(FROM);
    while (next != null && next.getInstant().isBefore(UNTIL)) {
      transitions.add(next);
      next = zone.getRules().nextTransition(next.getInstant());
    }
    return transitions;
  }
}
