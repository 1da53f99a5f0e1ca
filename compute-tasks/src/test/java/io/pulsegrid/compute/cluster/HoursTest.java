package io.pulsegrid.compute.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class HoursTest {
  private static final long HOUR = Hours.HOUR_MILLIS;

  @Test
  void countsWholeHoursFromTheFirstPostOn() {
    Hours hours = new Hours();
    hours.count(10 * HOUR);
    hours.count(10 * HOUR + 5);
    hours.count(12 * HOUR);
    hours.count(13 * HOUR);

    assertThat(hours.before(13 * HOUR + 7)).containsExactly(2L, 0L, 1L);
    assertThat(hours.during(13 * HOUR + 7)).isEqualTo(1);
    assertThat(hours.before(15 * HOUR)).containsExactly(2L, 0L, 1L, 1L, 0L);
  }

  @Test
  void takesLatePostsAndForgetsOldHours() {
    Hours hours = new Hours();
    hours.count(100 * HOUR);
    hours.count(90 * HOUR);
    hours.count(10 * HOUR);

    assertThat(hours.before(101 * HOUR)).hasSize(11).startsWith(1L).endsWith(1L);

    hours.count(1000 * HOUR);
    assertThat(hours.before(1001 * HOUR)).containsExactly(1L);
  }

  @Test
  void joinsHourByHour() {
    Hours hours = new Hours();
    hours.count(10 * HOUR);
    Hours other = new Hours();
    other.count(9 * HOUR);
    other.count(10 * HOUR);
    other.count(12 * HOUR);
    hours.join(other);
    hours.join(new Hours());

    assertThat(hours.before(13 * HOUR)).containsExactly(1L, 2L, 0L, 1L);
  }

  @Test
  void comesBackFromBytesAsItWas() throws IOException {
    Hours hours = new Hours();
    for (int i = 0; i < 100; i++) {
      hours.count(i * HOUR);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    hours.write(new DataOutputStream(bytes));
    Hours back = Hours.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));

    assertThat(back.before(100 * HOUR)).hasSize(Hours.KEPT).isEqualTo(hours.before(100 * HOUR));
  }
}
