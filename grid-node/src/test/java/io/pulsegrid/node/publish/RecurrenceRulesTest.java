package io.pulsegrid.node.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.core.time.Recurrences.Recurrence;
import io.pulsegrid.core.time.Resolved;
import io.pulsegrid.core.time.When;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class RecurrenceRulesTest {
  private static final LocalDateTime FIRST = LocalDateTime.parse("2026-12-01T09:00");
  private static final LocalDateTime FAR = LocalDateTime.parse("2100-01-01T00:00");

  private final RecurrenceRules rules = new RecurrenceRules();

  // Half-hour shifts, a lost day, negative summer time, shifts at midnight, far offsets.
  static List<String> zones() {
    return List.of(
        "Europe/Paris",
        "Europe/London",
        "Europe/Dublin",
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
        "Pacific/Apia");
  }

  private List<String> days(String rule, int limit) {
    return days(rule, ZoneOffset.UTC, limit);
  }

  private List<String> days(String rule, ZoneId zone, int limit) {
    return rules
        .between(new Recurrence(rule, FIRST, zone), FIRST.minusSeconds(1), FAR, limit)
        .stream()
        .map(time -> time.toLocalDate().toString())
        .toList();
  }

  @ParameterizedTest
  @MethodSource("zones")
  void aDailyPostKeepsItsWallClockForTenYears(String name) {
    ZoneId zone = ZoneId.of(name);
    // 02:30 and midnight are skipped or shown twice where clocks change.
    for (String time : List.of("00:00", "02:30", "09:00", "23:45")) {
      LocalDateTime first = LocalDateTime.parse("2010-06-01T" + time);
      List<LocalDateTime> all =
          rules.between(
              new Recurrence("FREQ=DAILY", first, zone),
              first.minusSeconds(1),
              first.plusYears(10),
              10_000);

      assertThat(all).hasSize(3_654);
      for (int i = 0; i < all.size(); i++) {
        LocalDateTime wish = all.get(i);
        assertThat(wish).isEqualTo(first.plusDays(i));
        Resolved resolved = Resolved.of(new When.Local(wish, zone), Instant.EPOCH, zone);
        LocalDateTime shown = LocalDateTime.ofInstant(resolved.instant(), zone);
        if (resolved.adjustment() == Resolved.Adjustment.GAP) {
          assertThat(shown).isAfter(wish);
        } else {
          assertThat(shown).isEqualTo(wish);
        }
      }
    }
  }

  @Test
  void theBeginningCountsOnlyWhereTheRuleSaysSo() {
    // 1 December 2026 is a Tuesday.
    assertThat(days("FREQ=WEEKLY;BYDAY=MO,TH", 3))
        .containsExactly("2026-12-03", "2026-12-07", "2026-12-10");
    assertThat(days("RRULE:FREQ=WEEKLY", 2)).containsExactly("2026-12-01", "2026-12-08");
    assertThat(days("freq=monthly;byday=-1FR", 2)).containsExactly("2026-12-25", "2027-01-29");
  }

  @Test
  void whatWasAlreadyIsCountedAndLeftOut() {
    Recurrence thrice = new Recurrence("FREQ=DAILY;COUNT=3", FIRST, ZoneOffset.UTC);
    assertThat(rules.between(thrice, FIRST, FAR, 10))
        .containsExactly(FIRST.plusDays(1), FIRST.plusDays(2));
    Recurrence daily = new Recurrence("FREQ=DAILY", FIRST, ZoneOffset.UTC);
    assertThat(rules.between(daily, FIRST.plusYears(3), FAR, 1))
        .containsExactly(FIRST.plusYears(3).plusDays(1));
    assertThat(rules.between(daily, FIRST, FIRST.plusDays(2), 10))
        .containsExactly(FIRST.plusDays(1), FIRST.plusDays(2));
  }

  @Test
  void anEndIsADayOrATimeOnTheWallOrAnInstant() {
    assertThat(days("FREQ=DAILY;UNTIL=20261202", 9)).containsExactly("2026-12-01", "2026-12-02");
    assertThat(days("FREQ=DAILY;UNTIL=20261202T085959", 9)).containsExactly("2026-12-01");
    ZoneId tokyo = ZoneId.of("Asia/Tokyo");
    // 09:00 in Tokyo.
    assertThat(days("FREQ=DAILY;UNTIL=20261202T000000Z", tokyo, 9))
        .containsExactly("2026-12-01", "2026-12-02");
    assertThat(days("FREQ=DAILY;UNTIL=20261201T235959Z", tokyo, 9)).containsExactly("2026-12-01");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "every day | must be the value of an RRULE",
        "FREQ=OFTEN | must be the value of an RRULE",
        "FREQ=DAILY;COUNT=2;UNTIL=20270101 | must be the value of an RRULE",
        "FREQ=DAILY;INTERVAL=0 | must be the value of an RRULE",
        "FREQ=MINUTELY | must come once an hour at most",
        "FREQ=SECONDLY;INTERVAL=9999 | must come once an hour at most",
        "FREQ=HOURLY;BYMINUTE=0,30 | must come once an hour at most",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30 | never comes",
        "FREQ=DAILY;UNTIL=20200101 | never comes"
      })
  void aRuleThatCannotBeUsedIsToldWhy(String rule, String fault) {
    assertThat(rules.fault(new Recurrence(rule, FIRST, ZoneOffset.UTC)))
        .hasValueSatisfying(told -> assertThat(told).startsWith(fault));
  }

  @Test
  void aSoundRuleHasNoFault() {
    for (String rule : List.of("FREQ=HOURLY", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29")) {
      assertThat(rules.fault(new Recurrence(rule, FIRST, ZoneOffset.UTC))).isEmpty();
    }
  }
}
