package io.pulsegrid.core.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class LimitedScopeTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final List<WindowRule> RULES = List.of(new WindowRule(9, Duration.ofHours(1)));

  @Test
  void isTheSameAfterPacking() {
    LimitedScope scope = new LimitedScope();
    for (String action : List.of("publish", "like")) {
      scope.action(action).cover(List.of(Duration.ofHours(1)), List.of(NOW, NOW.minusSeconds(5)));
      assertThat(scope.grant(action, RULES, new long[] {1, 2}, NOW, NOW.plusSeconds(60)))
          .isEqualTo(2);
      scope.action(action).told(3, NOW.plusSeconds(20));
    }
    scope.begin(NOW.minusMillis(1500));
    // Longer than what a packing begins with.
    scope.block(new LimitedScope.Block(NOW.plusSeconds(99), "429 – später ".repeat(99)));

    LimitedScope again = LimitedScope.unpack(scope.pack());

    assertThat(again.openFrom()).isEqualTo(NOW.minusMillis(1500));
    assertThat(again.block()).isEqualTo(scope.block());
    assertThat(again.actions()).containsOnlyKeys("publish", "like");
    assertThat(again.action("like").snapshot()).isEqualTo(scope.action("like").snapshot());
    assertThat(again.action("publish").used(RULES.getFirst(), NOW)).isEqualTo(4);
  }

  @Test
  void isEmptyAfterPackingWhenItWasBefore() {
    LimitedScope again = LimitedScope.unpack(new LimitedScope().pack());

    assertThat(again.openFrom()).isNull();
    assertThat(again.block()).isNull();
    assertThat(again.actions()).isEmpty();
  }

  @Test
  void keepsItsLengthThroughMostChanges() {
    LimitedScope scope = new LimitedScope();
    scope.action("publish").cover(List.of(Duration.ofHours(1)), List.of());
    int before = scope.pack().length;
    int changes = 0;
    for (long i = 0; i < 9; i++) {
      assertThat(scope.grant("publish", RULES, new long[] {i}, NOW, NOW.plusSeconds(60))).isOne();
      scope.action("publish").settle(i, NOW.plusSeconds(i));
      int length = scope.pack().length;
      changes += length == before ? 0 : 1;
      before = length;
    }
    assertThat(changes).isLessThanOrEqualTo(1);
  }

  @Test
  void refusesAnotherForm() {
    assertThatThrownBy(() -> LimitedScope.unpack(new byte[] {2 * 9, 0, 0, 0}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("form 3, was 9");
  }
}
