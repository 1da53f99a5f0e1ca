package io.pulsegrid.compute.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.pulsegrid.core.trend.Trend.Moment;
import io.pulsegrid.core.trend.TrendId;
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
  private static final BurstMeasure ALONE = new BurstMeasure(1, 6, 6);

  @Test
  void aFewPostsAreNoBurst() {
    Pulse pulse = Pulse.begun(HALF_LIFE, 0);
    for (int i = 0; i < 5; i++) {
      beat(pulse, 60_000L * i);
    }
    assertThat(states(pulse.lookedAt(30 * HOUR))).containsExactly(TrendState.FADING);
  }

  @Test
  void aBurstEmergesRisesPeaksAndFades() {
    Pulse pulse = Pulse.begun(HALF_LIFE, 0);
    for (int i = 0; i < 30; i++) {
      beat(pulse, 60_000L * i);
    }
    assertThat(states(pulse.lookedAt(30 * HOUR)))
        .containsExactly(
            TrendState.FADING,
            TrendState.EMERGING,
            TrendState.RISING,
            TrendState.PEAKING,
            TrendState.FADING);
  }

  @Test
  void aBurstEmergesWithItsFirstPosts() {
    Pulse pulse = Pulse.begun(HALF_LIFE, 0);
    for (int i = 0; i < 10; i++) {
      beat(pulse, 20_000L * i);
    }
    assertThat(pulse.state()).isEqualTo(TrendState.EMERGING);
    assertThat(pulse.moments().getLast().at().toEpochMilli()).isLessThan(3 * 60_000);
  }

  @Test
  void whatIsManyInAQuietStreamIsNoneInACrowdedOne() {
    Tide crowded = new Tide(HALF_LIFE);
    for (int i = 0; i < 10_000; i++) {
      crowded.observe(i, "test");
    }
    Pulse pulse = Pulse.begun(HALF_LIFE, 0);
    for (int i = 0; i < 20; i++) {
      pulse.beat(60_000L * i, 1, BurstMeasure.of(crowded, 1));
    }
    assertThat(states(pulse)).containsExactly(TrendState.FADING);
  }

  @Test
  void theHourThatIsAlwaysLivelyIsNoBurst() {
    Pulse lively = Pulse.begun(HALF_LIFE, 0);
    Pulse quiet = Pulse.begun(HALF_LIFE, 0);
    for (int i = 0; i < 24 * 10; i++) {
      beat(lively, HOUR * i);
      beat(quiet, HOUR * i);
    }
    long then = 24 * 10 * HOUR;
    for (int i = 0; i < 9; i++) {
      lively.beat(then + 360_000L * i, 1, new BurstMeasure(2, 6, 6));
      quiet.beat(then + 360_000L * i, 1, new BurstMeasure(.5, 6, 6));
    }
    assertThat(lively.state()).isEqualTo(TrendState.FADING);
    assertThat(quiet.state()).isEqualTo(TrendState.EMERGING);
    assertThat(lively.score(2)).isLessThan(quiet.score(.5));
  }

  @Test
  void aSteadyTrickleIsNoBurst() {
    Pulse pulse = Pulse.begun(HALF_LIFE, 0);
    for (int i = 0; i < 24 * 10; i++) {
      beat(pulse, HOUR * i);
    }
    assertThat(pulse.score(1)).isLessThan(1);
    assertThat(pulse.hourly()).isCloseTo(1, within(.3));
    assertThat(pulse.usualHourly(1)).isCloseTo(1, within(.3));
    assertThat(states(pulse)).containsExactly(TrendState.FADING);
  }

  @Test
  void whatIsUsualEndsTheRise() {
    Pulse pulse = Pulse.begun(HALF_LIFE, 0);
    for (int i = 0; i < 24 * 60 * 5; i++) {
      beat(pulse, 60_000L * i);
    }
    assertThat(pulse.state()).isEqualTo(TrendState.PEAKING);
    assertThat(pulse.score(1)).isLessThan(1);
  }

  @Test
  void aSecondBurstEmergesAgain() {
    Pulse pulse = Pulse.begun(HALF_LIFE, 0);
    for (int burst = 0; burst < 2; burst++) {
      for (int i = 0; i < 8; i++) {
        beat(pulse, burst * 48L * HOUR + 60_000L * i);
      }
    }
    assertThat(states(pulse))
        .containsExactly(
            TrendState.FADING, TrendState.EMERGING, TrendState.FADING, TrendState.EMERGING);
  }

  @Test
  void aLookChangesNothing() {
    Pulse pulse = Pulse.begun(HALF_LIFE, 0);
    for (int i = 0; i < 8; i++) {
      beat(pulse, 60_000L * i);
    }
    double score = pulse.score(1);
    Pulse later = pulse.lookedAt(100 * HOUR);
    beat(later, 101 * HOUR);

    assertThat(pulse.score(1)).isEqualTo(score);
    assertThat(pulse.moments()).hasSize(2);
    assertThat(pulse.hours().before(102 * HOUR)).doesNotContain(1L);
  }

  @Test
  void anOldPostCountsAsWhatWouldBeLeftOfIt() {
    Pulse pulse = Pulse.begun(HALF_LIFE, 0);
    beat(pulse, 100 * HOUR);
    double score = pulse.score(1);
    beat(pulse, 0);

    assertThat(pulse.score(1)).isCloseTo(score, within(1e-6));
  }

  @Test
  void theHistoryIsBounded() {
    Pulse pulse = Pulse.begun(HALF_LIFE, 0);
    for (int day = 0; day < 400; day++) {
      for (int i = 0; i < 10; i++) {
        beat(pulse, 48 * HOUR * day + 60_000L * i);
      }
    }
    assertThat(pulse.moments()).hasSize(32);
    assertThat(pulse.moments().getFirst().at().toEpochMilli()).isZero();
  }

  @Test
  void whatMergesDisplacesNoTurn() {
    Pulse pulse = Pulse.begun(HALF_LIFE, 0);
    TrendId other = TrendId.begunBy(SyntheticStream.id(1));
    for (int i = 0; i < 20; i++) {
      beat(pulse, 60_000L * i);
    }
    for (int i = 0; i < 40; i++) {
      pulse.join(Pulse.begun(HALF_LIFE, 1_200_000 + i), List.of(other), ALONE);
    }
    assertThat(states(pulse))
        .containsExactly(TrendState.FADING, TrendState.EMERGING, TrendState.RISING);
    assertThat(pulse.moments()).hasSize(32);
    assertThat(pulse.moments().getLast().at().toEpochMilli()).isEqualTo(1_200_039);
  }

  @Test
  void aSinglePostThatJoinsIsNoMoment() {
    Pulse pulse = Pulse.begun(HALF_LIFE, 0);
    pulse.join(Pulse.begun(HALF_LIFE, 1), List.of(), ALONE);
    assertThat(pulse.moments()).hasSize(1);
  }

  @Test
  void comesBackFromBytesAsItWas() throws IOException {
    Pulse pulse = Pulse.begun(HALF_LIFE, 0);
    for (int i = 0; i < 9; i++) {
      pulse.beat(60_000L * i, 1.3, ALONE);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    pulse.write(new DataOutputStream(bytes));
    Pulse back =
        Pulse.read(
            new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())), HALF_LIFE, true);

    beat(pulse, 5 * HOUR);
    beat(back, 5 * HOUR);
    assertThat(back.score(1)).isEqualTo(pulse.score(1));
    assertThat(back.state()).isEqualTo(pulse.state());
    assertThat(back.hours().before(9 * HOUR)).isEqualTo(pulse.hours().before(9 * HOUR));
    assertThat(back.moments()).isEqualTo(pulse.moments());
  }

  private static void beat(Pulse pulse, long time) {
    pulse.beat(time, 1, ALONE);
  }

  private static List<TrendState> states(Pulse pulse) {
    return pulse.moments().stream()
        .filter(Moment.Entered.class::isInstance)
        .map(moment -> ((Moment.Entered) moment).state())
        .toList();
  }
}
