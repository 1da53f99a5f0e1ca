package io.pulsegrid.node.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class ThrottlePausesTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  private final ThrottlePauses pauses = new ThrottlePauses();

  @Test
  void eachThrottlingInARowLastsLongerUntilSomethingIsTaken() {
    Instant first = pauses.throttled("c", NOW, NOW);
    assertThat(first).isEqualTo(NOW.plusSeconds(5));
    Instant second = pauses.throttled("c", first, first);
    assertThat(second).isEqualTo(first.plusSeconds(10));
    assertThat(pauses.throttled("c", second, second)).isEqualTo(second.plusSeconds(20));

    pauses.over("c");
    assertThat(pauses.throttled("c", NOW, NOW)).isEqualTo(NOW.plusSeconds(5));
  }

  @Test
  void callsThatWereUnderWayTogetherAreOneThrottling() {
    Instant first = pauses.throttled("c", NOW, NOW);
    assertThat(pauses.throttled("c", NOW.minusSeconds(1), NOW.plusSeconds(2))).isEqualTo(first);
    assertThat(pauses.throttled("other", NOW, NOW)).isEqualTo(first);
  }

  @Test
  void noPauseGrowsForEver() {
    Instant now = NOW;
    for (int i = 0; i < 100; i++) {
      Instant until = pauses.throttled("c", now, now);
      assertThat(until).isBefore(now.plusSeconds(330));
      now = until;
    }
  }
}
