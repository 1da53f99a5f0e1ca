package io.pulsegrid.compute.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.pulsegrid.core.trend.Trend.Moment;
import io.pulsegrid.core.trend.TrendState;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class PulseTest {
  private static final long HOUR = 3_600_000;
  private static final long HALF_LIFE = 2 * HOUR;

  @Test
  void oneStrayPostEmergesAndFades() {
    Pulse pulse = Pulse.begun(HALF_LIFE, 0);
    pulse.beat(0, 1);

    assertThat(pulse.lookedAt(HOUR).state()).isEqualTo(TrendState.EMERGING);
    Pulse later = pulse.lookedAt(3 * HOUR);
    assertThat(later.state()).isEqualTo(TrendState.FADING);
    assertThat(later.moments().getLast().at().toEpochMilli()).isCloseTo(HALF_LIFE, within(1L));
  }

  @Test
  void aBurstRisesPeaksAndFades() {
    Pulse pulse = Pulse.begun(HALF_LIFE, 0);
    for (int i = 0; i < 30; i++) {
      pulse.beat(60_000L * i, 1);
    }
    assertThat(states(pulse.lookedAt(30 * HOUR)))
        .containsExactly(
            TrendState.EMERGING, TrendState.RISING, TrendState.PEAKING, TrendState.FADING);
  }

  @Test
  void aSteadyTrickleIsNoBurst() {
    Pulse pulse = Pulse.begun(HALF_LIFE, 0);
    for (int i = 0; i < 24 * 10; i++) {
      pulse.beat(HOUR * i, 1);
    }
    assertThat(pulse.score()).isLessThan(1);
    assertThat(states(pulse)).doesNotContain(TrendState.RISING);
  }

  @Test
  void whatIsUsualEndsTheRise() {
    Pulse pulse = Pulse.begun(HALF_LIFE, 0);
    for (int i = 0; i < 24 * 60 * 5; i++) {
      pulse.beat(60_000L * i, 1);
    }
    assertThat(pulse.state()).isEqualTo(TrendState.PEAKING);
    assertThat(pulse.score()).isLessThan(1);
  }

  @Test
  void aSecondBurstRisesAgain() {
    Pulse pulse = Pulse.begun(HALF_LIFE, 0);
    for (int i = 0; i < 10; i++) {
      pulse.beat(60_000L * i, 1);
    }
    for (int i = 0; i < 10; i++) {
      pulse.beat(48 * HOUR + 60_000L * i, 1);
    }
    assertThat(states(pulse))
        .containsExactly(
            TrendState.EMERGING,
            TrendState.RISING,
            TrendState.PEAKING,
            TrendState.FADING,
            TrendState.RISING);
  }

  @Test
  void aLookChangesNothing() {
    Pulse pulse = Pulse.begun(HALF_LIFE, 0);
    pulse.beat(0, 4);
    double score = pulse.score();
    pulse.lookedAt(100 * HOUR);

    assertThat(pulse.score()).isEqualTo(score);
    assertThat(pulse.moments()).hasSize(2);
  }

  @Test
  void anOldPostCountsAsWhatWouldBeLeftOfIt() {
    Pulse pulse = Pulse.begun(HALF_LIFE, 0);
    pulse.beat(100 * HOUR, 1);
    double score = pulse.score();
    pulse.beat(0, 1);

    assertThat(pulse.score()).isCloseTo(score, within(1e-6));
  }

  @Test
  void theHistoryIsBounded() {
    Pulse pulse = Pulse.begun(HALF_LIFE, 0);
    for (int day = 0; day < 400; day++) {
      for (int i = 0; i < 10; i++) {
        pulse.beat(48 * HOUR * day + 60_000L * i, 1);
      }
    }
    assertThat(pulse.moments()).hasSize(32);
    assertThat(pulse.moments().getFirst().at().toEpochMilli()).isZero();
  }

  @Test
  void comesBackFromBytesAsItWas() throws IOException {
    Pulse pulse = Pulse.begun(HALF_LIFE, 0);
    for (int i = 0; i < 9; i++) {
      pulse.beat(60_000L * i, 1.3);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    pulse.write(new DataOutputStream(bytes));
    Pulse back =
        Pulse.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())), HALF_LIFE);

    pulse.beat(5 * HOUR, 1);
    back.beat(5 * HOUR, 1);
    assertThat(back.score()).isEqualTo(pulse.score());
    assertThat(back.moments()).isEqualTo(pulse.moments());
  }

  private static List<TrendState> states(Pulse pulse) {
    return pulse.moments().stream()
        .filter(Moment.Entered.class::isInstance)
        .map(moment -> ((Moment.Entered) moment).state())
        .toList();
  }
}
