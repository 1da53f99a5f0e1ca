package io.pulsegrid.api.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

class MomentTest {
  private static final Instant NOW = Instant.parse("2026-11-22T18:00:00Z");
  private static final ZoneId PARIS = ZoneId.of("Europe/Paris");

  @Test
  void tellsDateAndTimeOnAWall() {
    assertThat(Moment.of(Instant.parse("2026-12-01T08:00:00Z"), NOW, PARIS))
        .isEqualTo(
            new Moment("2026-12-01T08:00:00Z", "Tue 1 Dec, 09:00 Europe/Paris", "in 8 days"));
  }

  @Test
  void tellsTheYearWhereItIsAnother() {
    assertThat(Moment.of(Instant.parse("2026-12-31T23:30:00Z"), NOW, PARIS).exact())
        .isEqualTo("Fri 1 Jan 2027, 00:30 Europe/Paris");
  }
}
