package io.pulsegrid.node.collect;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.core.source.Schedule;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private static final Schedule EVERY_FIVE_MINUTES = new Schedule.Every(Duration.ofMinutes(5));

  @Test
  void doublesFromOneIntervalToEight() {
    assertThat(Backoff.after(1, EVERY_FIVE_MINUTES, null)).isZero();
    assertThat(Backoff.after(2, EVERY_FIVE_MINUTES, null)).isEqualTo(Duration.ofMinutes(5));
    assertThat(Backoff.after(3, EVERY_FIVE_MINUTES, null)).isEqualTo(Duration.ofMinutes(10));
    assertThat(Backoff.after(5, EVERY_FIVE_MINUTES, null)).isEqualTo(Duration.ofMinutes(40));
    assertThat(Backoff.after(500, EVERY_FIVE_MINUTES, null)).isEqualTo(Duration.ofMinutes(40));
  }

  @Test
  void staysUnderSixHours() {
    assertThat(Backoff.after(9, new Schedule.Every(Duration.ofDays(30)), null))
        .isEqualTo(Duration.ofHours(6));
  }

  @Test
  void waitsAsLongAsTheSourceAsked() {
    assertThat(Backoff.after(1, EVERY_FIVE_MINUTES, Duration.ofHours(1)))
        .isEqualTo(Duration.ofHours(1));
    assertThat(Backoff.after(5, EVERY_FIVE_MINUTES, Duration.ofSeconds(1)))
        .isEqualTo(Duration.ofMinutes(40));
  }

  @Test
  void leavesCronTimesAlone() {
    assertThat(Backoff.after(9, new Schedule.Cron("0 0 3 * * ?"), null)).isZero();
  }
}
