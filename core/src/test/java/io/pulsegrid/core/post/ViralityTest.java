package io.pulsegrid.core.post;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.pulsegrid.core.post.EngagementHistory.Reading;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ViralityTest {
  private static final Instant PUBLISHED = Instant.parse("2026-10-01T08:00:00Z");

  @Test
  void aPostThatFadesAsUsualScoresAboutZero() {
    List<Reading> readings = new ArrayList<>();
    for (int minutes = 10; minutes < 2_000; minutes += minutes / 2) {
      readings.add(after(minutes, Math.round(100 * Math.log1p(minutes / 10d))));

      if (readings.size() >= 3) {
        assertThat(measured(readings).score()).isCloseTo(0, within(.2));
      }
    }
  }

  @Test
  void aPostThatIsPassedOnScoresHighAndTellsWhy() {
    Virality.Measured viral = measured(List.of(after(10, 20), after(20, 40), after(40, 400)));

    assertThat(viral.catchesOn()).isTrue();
    assertThat(viral.reactions()).isEqualTo(400);
    assertThat(viral.gained()).isEqualTo(360);
    assertThat(viral.expected()).isCloseTo(18.6, within(.1));
    assertThat(viral.since()).isEqualTo(PUBLISHED.plus(Duration.ofMinutes(20)));
    assertThat(viral.at()).isEqualTo(PUBLISHED.plus(Duration.ofMinutes(40)));
    assertThat(viral.perHour()).isEqualTo(1080);
    assertThat(viral.usualPerHour()).isCloseTo(55.8, within(.1));
  }

  @Test
  void aPostThatNobodyPassesOnScoresBelowZero() {
    Virality.Measured quiet = measured(List.of(after(10, 20), after(60, 90), after(600, 90)));

    assertThat(quiet.score()).isNegative();
    assertThat(quiet.catchesOn()).isFalse();
  }

  @Test
  void reactionsThatAreTakenBackAreNoGain() {
    assertThat(measured(List.of(after(10, 20), after(60, 90), after(600, 80))).gained()).isZero();
  }

  @Test
  void fewReadingsOrReactionsAreNotEnough() {
    assertThat(Virality.of(PUBLISHED, List.of()))
        .isEqualTo(new Virality.NotEnoughData("needs 3 readings 5 minutes apart, has 0"));
    assertThat(Virality.of(PUBLISHED, List.of(after(10, 20), after(12, 50), after(13, 90))))
        .isEqualTo(new Virality.NotEnoughData("needs 3 readings 5 minutes apart, has 1"));
    assertThat(Virality.of(PUBLISHED, List.of(after(10, 1), after(30, 9), after(60, 70))))
        .isEqualTo(
            new Virality.NotEnoughData("needs 10 reactions before the latest reading, has 9"));
  }

  @Test
  void readingsBeforePublicationAreLeftOut() {
    assertThat(Virality.of(PUBLISHED, List.of(after(-60, 20), after(-30, 20), after(0, 50))))
        .isEqualTo(new Virality.NotEnoughData("needs 3 readings 5 minutes apart, has 0"));
  }

  private static Virality.Measured measured(List<Reading> readings) {
    assertThat(Virality.of(PUBLISHED, readings)).isInstanceOf(Virality.Measured.class);
    return (Virality.Measured) Virality.of(PUBLISHED, readings);
  }

  private static Reading after(long minutes, long reactions) {
    return new Reading(
        PUBLISHED.plus(Duration.ofMinutes(minutes)),
        new Engagement(reactions - reactions / 4, 0, reactions / 4, 5 * reactions));
  }
}
