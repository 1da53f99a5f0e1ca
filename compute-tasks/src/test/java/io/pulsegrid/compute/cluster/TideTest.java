package io.pulsegrid.compute.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TideTest {
  private static final long HOUR = 3_600_000;
  private static final long HALF_LIFE = 2 * HOUR;
  private static final Map<String, Long> HERE = Map.of("here", 5L);

  private final Tide tide = new Tide(HALF_LIFE);

  @Test
  void knowsNoRhythmBeforeADayIsKnown() {
    for (int hour = 0; hour < 23; hour++) {
      tide.observe(hour * HOUR, "here");
    }
    assertThat(tide.rhythm(HERE, 23 * HOUR)).isEqualTo(1);
    assertThat(tide.rhythm(Map.of(), 0)).isEqualTo(1);
  }

  @Test
  void learnsEachPlatformsHours() {
    for (int day = 0; day < 3; day++) {
      for (int hour = 0; hour < 24; hour++) {
        int posts = hour >= 8 && hour < 20 ? 20 : 2;
        for (int i = 0; i < posts; i++) {
          tide.observe((day * 24L + hour) * HOUR + i, "here");
        }
        tide.observe((day * 24L + hour) * HOUR, "there");
      }
    }
    tide.observe(72 * HOUR, "here");
    tide.observe(72 * HOUR, "there");

    assertThat(tide.rhythm(HERE, 84 * HOUR)).isCloseTo(20 / 11d, within(.01));
    assertThat(tide.rhythm(HERE, 75 * HOUR)).isEqualTo(.5);
    assertThat(tide.rhythm(Map.of("there", 1L), 84 * HOUR)).isEqualTo(1);
    assertThat(tide.rhythm(Map.of("here", 1L, "there", 1L), 84 * HOUR))
        .isCloseTo((20 / 11d + 1) / 2, within(.01));
  }

  @Test
  void whatAYoungStreamBringsIsNotNew() {
    Map<String, Long> any = Map.of();
    tide.observe(0, "here");
    double young = tide.expectation(any, 0);
    tide.observe(24 * HOUR, "here");
    double dayOld = tide.expectation(any, 24 * HOUR);
    tide.observe(1000 * HOUR, "here");

    assertThat(young).isGreaterThan(100);
    assertThat(dayOld).isCloseTo(1 / (1 - Math.exp(-1)), within(.01));
    assertThat(tide.expectation(any, 1000 * HOUR)).isCloseTo(1, within(.001));
  }

  @Test
  void itsLevelsFallInTheirOwnTimes() {
    tide.observe(0, "here");
    tide.observe(HALF_LIFE, "here");

    assertThat(tide.recent()).isCloseTo(1.5, within(1e-9));
    assertThat(tide.quick()).isCloseTo(1, within(.001));
  }

  @Test
  void keepsFewPlatformsApart() {
    for (int i = 0; i < 1000; i++) {
      tide.observe(0, "p" + i);
    }
    assertThat(bytes(tide).length).isLessThan(3000);
  }

  @Test
  void comesBackFromBytesAsItWas() throws IOException {
    for (int i = 0; i < 500; i++) {
      tide.observe(i * HOUR / 7, i % 3 == 0 ? "here" : "there");
    }
    Tide back = new Tide(HALF_LIFE);
    back.read(new DataInputStream(new ByteArrayInputStream(bytes(tide))));
    tide.observe(500 * HOUR / 7, "here");
    back.observe(500 * HOUR / 7, "here");

    assertThat(bytes(back)).isEqualTo(bytes(tide));
    assertThat(back.rhythm(HERE, 3 * HOUR)).isEqualTo(tide.rhythm(HERE, 3 * HOUR));
  }

  private static byte[] bytes(Tide tide) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      tide.write(new DataOutputStream(bytes));
    } catch (IOException e) {
      throw new AssertionError("an array can always be written", e);
    }
    return bytes.toByteArray();
  }
}
