package io.pulsegrid.core.trend;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutlookTest {
  private static final Instant NOW = Instant.parse("2026-12-01T08:20:00Z");

  private static Outlook of(List<Long> hourly) {
    return Outlook.of(new Evidence(NOW, hourly, 3, 1, 1));
  }

  private static List<Outlook.Hour> hours(List<Long> hourly) {
    assertThat(of(hourly)).isInstanceOf(Outlook.Expected.class);
    return ((Outlook.Expected) of(hourly)).hours();
  }

  @Test
  void saysHowMuchItLacks() {
    assertThat(of(List.of(20L, 9L)))
        .isEqualTo(new Outlook.NotEnoughData("needs 6 hours and 24 posts, has 2 and 29"));
    assertThat(of(Collections.nCopies(30, 0L))).isInstanceOf(Outlook.NotEnoughData.class);
  }

  @Test
  void saysNothingOfATrendThatHasFallenSilent() {
    List<Long> silent = new ArrayList<>(List.of(30L, 20L, 10L));
    silent.addAll(Collections.nCopies(6, 0L));

    assertThat(of(silent))
        .isEqualTo(new Outlook.NotEnoughData("needs 6 posts in the last 6 hours, has 0"));
  }

  @Test
  void aSteadyTrendGoesOnWithinANarrowInterval() {
    List<Outlook.Hour> hours = hours(Collections.nCopies(20, 100L));

    assertThat(hours).hasSize(Outlook.HOURS);
    assertThat(hours.getFirst().from()).isEqualTo(Instant.parse("2026-12-01T08:00:00Z"));
    assertThat(hours.getFirst().posts()).isBetween(90d, 105d);
    assertThat(hours.getFirst().low()).isBetween(50L, 95L);
    assertThat(hours.getFirst().high()).isBetween(100L, 145L);
  }

  @Test
  void aFitfulTrendHasAWiderInterval() {
    List<Long> fitful = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      fitful.addAll(List.of(10L, 190L));
    }
    Outlook.Hour steady = hours(Collections.nCopies(20, 100L)).getFirst();
    Outlook.Hour restless = hours(fitful).getFirst();

    assertThat(restless.high() - restless.low()).isGreaterThan(2 * (steady.high() - steady.low()));
    assertThat(restless.low()).isNotNegative();
  }

  @Test
  void goesTheWayThatYesterdayWent() {
    List<Long> days = new ArrayList<>();
    for (int hour = 0; hour < 48; hour++) {
      days.add(hour % 24 < 12 ? 10L : 100L);
    }
    // The evening ends: at midnight yesterday it fell to a tenth.
    assertThat(hours(days).get(2).posts()).isLessThan(50);
  }
}
