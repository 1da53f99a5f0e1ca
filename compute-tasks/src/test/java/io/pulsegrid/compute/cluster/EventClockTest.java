package io.pulsegrid.compute.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EventClockTest {
  private static final long DAY = 86_400_000;

  private final EventClock clock = new EventClock();

  @Test
  void followsTheLatestDate() {
    clock.observe(5);
    clock.observe(9);
    clock.observe(7);

    assertThat(clock.now()).isEqualTo(9);
  }

  @Test
  void aFewPostsDatedFarAheadDoNotCarryItAway() {
    clock.observe(0);
    for (int i = 0; i < 500; i++) {
      clock.observe(i);
      if (i % 100 == 0) {
        clock.observe(9000 * DAY);
      }
    }
    assertThat(clock.now()).isEqualTo(499);
  }

  @Test
  void followsAStreamThatMovedOn() {
    clock.observe(0);
    for (int i = 0; i < 8; i++) {
      clock.observe(30 * DAY + i);
    }
    assertThat(clock.now()).isEqualTo(30 * DAY);
  }
}
