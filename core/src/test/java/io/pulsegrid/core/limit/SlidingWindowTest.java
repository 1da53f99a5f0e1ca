package io.pulsegrid.core.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SlidingWindowTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final Duration HOUR = Duration.ofHours(1);
  private static final List<WindowRule> TWO_AN_HOUR = List.of(new WindowRule(2, HOUR));

  private final SlidingWindow window = SlidingWindowProperties.covering(TWO_AN_HOUR);

  @Test
  void grantsAsManyAsTheTightestRuleAllows() {
    List<WindowRule> rules = List.of(new WindowRule(5, HOUR), new WindowRule(3, HOUR.dividedBy(2)));
    SlidingWindow both = SlidingWindowProperties.covering(rules);

    assertThat(grant(both, rules, NOW, 1, 2, 3, 4, 5, 6)).isEqualTo(3);
  }

  @Test
  void aPermitCountsUntilOneWindowAfterItsCallEnded() {
    grant(window, TWO_AN_HOUR, NOW, 1, 2);
    window.settle(1, NOW.plusSeconds(10));
    window.settle(2, NOW.plusSeconds(20));

    assertThat(grant(window, TWO_AN_HOUR, NOW.plus(HOUR).plusSeconds(10), 3)).isZero();
    Instant allowed = window.allowedAt(TWO_AN_HOUR, NOW.plus(HOUR));
    assertThat(allowed).isEqualTo(NOW.plus(HOUR).plusSeconds(10).plusMillis(1));
    assertThat(grant(window, TWO_AN_HOUR, allowed, 3, 4)).isEqualTo(1);
  }

  @Test
  void anAbandonedPermitCountsUntilOneWindowAfterItsLease() {
    window.grant(TWO_AN_HOUR, new long[] {1, 2}, NOW, NOW.plusSeconds(60));

    assertThat(window.allowedAt(TWO_AN_HOUR, NOW))
        .isEqualTo(NOW.plusSeconds(60).plus(HOUR).plusMillis(1));
    assertThat(grant(window, TWO_AN_HOUR, NOW.plus(HOUR).plusSeconds(60), 3)).isZero();
    assertThat(grant(window, TWO_AN_HOUR, NOW.plus(HOUR).plusSeconds(61), 3, 4)).isEqualTo(2);
  }

  @Test
  void aReleasedPermitIsFreeAtOnce() {
    grant(window, TWO_AN_HOUR, NOW, 1, 2);
    window.release(1);

    assertThat(grant(window, TWO_AN_HOUR, NOW, 3, 4)).isEqualTo(1);
  }

  @Test
  void theSameGrantAppliedTwiceCountsOnce() {
    assertThat(grant(window, TWO_AN_HOUR, NOW, 1, 2, 3)).isEqualTo(2);
    assertThat(grant(window, TWO_AN_HOUR, NOW, 1, 2, 3)).isEqualTo(2);

    assertThat(window.used(TWO_AN_HOUR.getFirst(), NOW)).isEqualTo(2);
  }

  @Test
  void aSettlementThatComesTwiceCountsOnceAndALateOneCountsFromItsEnd() {
    grant(window, TWO_AN_HOUR, NOW, 1);
    window.settle(1, NOW.plusSeconds(1));
    window.settle(1, NOW.plusSeconds(1));
    assertThat(window.used(TWO_AN_HOUR.getFirst(), NOW.plusSeconds(2))).isEqualTo(1);

    window.settle(1, NOW.plusSeconds(100));
    assertThat(window.used(TWO_AN_HOUR.getFirst(), NOW.plus(HOUR).plusSeconds(50))).isEqualTo(1);
  }

  @Test
  void headersHoldBackFurtherThanOurCount() {
    grant(window, TWO_AN_HOUR, NOW, 1);
    window.settle(1, NOW);
    window.told(0, NOW.plusSeconds(300));

    assertThat(grant(window, TWO_AN_HOUR, NOW.plusSeconds(1), 2)).isZero();
    assertThat(window.allowedAt(TWO_AN_HOUR, NOW.plusSeconds(1)))
        .isEqualTo(NOW.plusSeconds(300).plusMillis(1));
    assertThat(grant(window, TWO_AN_HOUR, NOW.plusSeconds(301), 2)).isEqualTo(1);
  }

  @Test
  void headersNeverAllowMoreThanOurCount() {
    grant(window, TWO_AN_HOUR, NOW, 1, 2);
    window.told(1_000, NOW.plus(HOUR));

    assertThat(grant(window, TWO_AN_HOUR, NOW, 3)).isZero();
  }

  @Test
  void headersCountDownWithEachGrantUntilTheySpeakAgain() {
    List<WindowRule> many = List.of(new WindowRule(100, HOUR));
    SlidingWindow wide = SlidingWindowProperties.covering(many);
    wide.told(3, NOW.plusSeconds(300));

    assertThat(grant(wide, many, NOW, 1, 2)).isEqualTo(2);
    assertThat(grant(wide, many, NOW, 3, 4)).isEqualTo(1);
  }

  @Test
  void anActionTakenOutsideCounts() {
    window.record(77, NOW);
    window.record(77, NOW);

    assertThat(grant(window, TWO_AN_HOUR, NOW, 1, 2)).isEqualTo(1);
  }

  @Test
  void aWindowThatIsNotCoveredGrantsNothing() {
    assertThatThrownBy(() -> grant(new SlidingWindow(), TWO_AN_HOUR, NOW, 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("covered");
  }

  @Test
  void whatTheLedgerKnowsCountsFromTheStart() {
    SlidingWindow rebuilt = new SlidingWindow();
    rebuilt.cover(List.of(HOUR), List.of(NOW.minusSeconds(30), NOW.minus(HOUR).minusSeconds(1)));

    assertThat(grant(rebuilt, TWO_AN_HOUR, NOW, 1, 2)).isEqualTo(1);
  }

  @Test
  void whatWasRecordedBeforeTheLedgerWasReadCounts() {
    SlidingWindow rebuilt = new SlidingWindow();
    rebuilt.record(5, NOW);
    rebuilt.cover(List.of(HOUR), List.of());

    assertThat(grant(rebuilt, TWO_AN_HOUR, NOW, 1, 2)).isEqualTo(1);
  }

  @Test
  void aSnapshotHoldsEverything() {
    grant(window, TWO_AN_HOUR, NOW, 1);
    window.record(9, NOW);
    window.told(1, NOW.plusSeconds(9));

    assertThat(SlidingWindow.restore(window.snapshot()).snapshot()).isEqualTo(window.snapshot());
  }

  @Test
  void anExactWindowTakesAFewBytesAnEvent() {
    List<WindowRule> rules = List.of(new WindowRule(512, Duration.ofHours(3)));
    SlidingWindow exact = SlidingWindowProperties.covering(rules);
    for (int i = 0; i < 512; i++) {
      Instant at = NOW.plusSeconds(20L * i).plusMillis(i % 900);
      assertThat(exact.grant(rules, new long[] {i}, at, at)).isOne();
      exact.settle(i, at);
    }

    assertThat(exact.snapshot()).hasSizeLessThan(512 * 3 + 700);
    SlidingWindow again = SlidingWindow.restore(exact.snapshot());
    assertThat(again.snapshot()).isEqualTo(exact.snapshot());
    assertThat(again.used(rules.getFirst(), NOW.plusSeconds(20L * 512))).isEqualTo(512);
  }

  @Test
  void permitsInARowTakeAFewBytesEachWhereverTheRowStarts() {
    List<WindowRule> rules = List.of(new WindowRule(64, HOUR));
    SlidingWindow rows = SlidingWindowProperties.covering(rules);
    // The row of one node runs over the highest number there is, that of another is far from it.
    long[] next = {Long.MAX_VALUE - 20, 77};
    for (int i = 0; i < 64; i++) {
      long permit = next[i < 32 ? 0 : 1]++;
      Instant at = NOW.plusMillis(i);
      assertThat(rows.grant(rules, new long[] {permit}, at, at.plusSeconds(60))).isOne();
      if (i % 2 == 0) {
        rows.settle(permit, at);
      }
    }

    assertThat(rows.snapshot()).hasSizeLessThan(64 * 4 + 60);
    SlidingWindow again = SlidingWindow.restore(rows.snapshot());
    again.settle(Long.MIN_VALUE + 2, NOW.plusMillis(1));
    rows.settle(Long.MIN_VALUE + 2, NOW.plusMillis(1));
    assertThat(again.snapshot()).isEqualTo(rows.snapshot());
    assertThat(again.used(rules.getFirst(), NOW.plusMillis(64))).isEqualTo(64);
  }

  @Test
  void whatEndsWithinOneMillisecondSharesASlotAndStaysExact() {
    WindowRule rule = new WindowRule(5 * EventLog.SLOTS, HOUR);
    SlidingWindow dense = SlidingWindowProperties.covering(List.of(rule));
    int permits = 0;
    for (int i = 0; i < EventLog.SLOTS; i++) {
      for (int same = 0; same < 1 + i % 5; same++) {
        dense.record(permits++, NOW.plusMillis(i));
      }
    }

    SlidingWindow again = SlidingWindow.restore(dense.snapshot());
    assertThat(again.snapshot()).isEqualTo(dense.snapshot()).hasSizeLessThan(3 * EventLog.SLOTS);
    for (SlidingWindow each : List.of(dense, again)) {
      assertThat(each.used(rule, NOW.plusSeconds(1))).isEqualTo(permits);
      // A millisecond on, since an end is rounded up.
      int gone = IntStream.range(0, 101).map(i -> 1 + i % 5).sum();
      assertThat(each.used(rule, NOW.plus(HOUR).plusMillis(101))).isEqualTo(permits - gone);
    }
  }

  @Test
  void aFullWindowStaysSmall() {
    List<WindowRule> day = List.of(new WindowRule(11_666, Duration.ofDays(1)));
    SlidingWindow busy = SlidingWindowProperties.covering(day);
    for (int i = 0; i < 11_000; i++) {
      Instant at = NOW.plusSeconds(7L * i);
      assertThat(busy.grant(day, new long[] {i}, at, at)).isOne();
      busy.settle(i, at);
    }

    assertThat(busy.snapshot()).hasSizeLessThan(EventLog.SLOTS * 9 + 1_000);
    // Slightly under: an event may count for as long as its slot spans, a few minutes of the day.
    Instant later = NOW.plusSeconds(7L * 11_000).plus(Duration.ofHours(12));
    int exact = (int) IntStream.range(0, 11_000).filter(i -> 7 * i > 7 * 11_000 - 43_200).count();
    assertThat(busy.used(day.getFirst(), later)).isBetween(exact, exact + 100);
  }

  @Test
  void aBlockHoldsEverythingBackUntilItsTime() {
    LimitedScope scope = new LimitedScope();
    scope.action("publish").cover(List.of(HOUR), List.of());
    scope.block(new LimitedScope.Block(NOW.plusSeconds(60), "429"));
    scope.block(new LimitedScope.Block(NOW.plusSeconds(30), "an earlier one"));

    assertThat(scope.grant("publish", TWO_AN_HOUR, new long[] {1}, NOW, NOW)).isZero();
    assertThat(scope.allowedAt("publish", TWO_AN_HOUR, NOW)).isEqualTo(NOW.plusSeconds(60));
    assertThat(scope.grant("publish", TWO_AN_HOUR, new long[] {1}, NOW.plusSeconds(60), NOW))
        .isOne();
  }

  @Test
  void aLiftedBlockHoldsNothingBack() {
    LimitedScope scope = new LimitedScope();
    scope.action("publish").cover(List.of(HOUR), List.of());
    scope.block(new LimitedScope.Block(NOW.plusSeconds(60), "429"));
    scope.unblock();

    assertThat(scope.grant("publish", TWO_AN_HOUR, new long[] {1}, NOW, NOW)).isOne();
  }

  private static int grant(
      SlidingWindow window, List<WindowRule> rules, Instant now, long... permits) {
    return window.grant(rules, permits, now, now.plusSeconds(90));
  }
}
