package io.pulsegrid.core.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {
  private static final Duration BASE = Duration.ofSeconds(5);
  private static final Duration LONGEST = Duration.ofMinutes(15);

  @Test
  void pausesDoubleUpToTheLongestAndAreDrawnFromTheirUpperHalf() {
    RetryPolicy policy = new RetryPolicy(6, BASE, LONGEST, new Random(1));
    for (int n = 1; n < 70; n++) {
      long whole = n > 8 ? LONGEST.toMillis() : Math.min(5000L << (n - 1), LONGEST.toMillis());
      assertThat(policy.pauseAfter(n).toMillis()).isBetween(whole / 2, whole);
    }
  }

  @Test
  void whatFailedTogetherDoesNotComeBackTogether() {
    RetryPolicy policy = new RetryPolicy(6, BASE, LONGEST, new Random(1));
    assertThat(policy.pauseAfter(4)).isNotEqualTo(policy.pauseAfter(4));
  }

  @Test
  void aBudgetOfNothingIsRefused() {
    assertThatThrownBy(() -> new RetryPolicy(0, BASE, LONGEST, new Random(1)))
        .hasMessage("budget must be at least 1, was 0");
  }
}
