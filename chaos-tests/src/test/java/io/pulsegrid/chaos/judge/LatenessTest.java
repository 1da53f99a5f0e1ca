package io.pulsegrid.chaos.judge;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.chaos.load.Promise;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LatenessTest {
  private static final Instant NOW = Instant.parse("2026-05-12T10:00:00Z");
  private static final Arrivals ARRIVALS =
      new Arrivals(
          Map.of(
              "a", List.of(NOW.plusSeconds(5), NOW.plusSeconds(2)),
              "b", List.of(NOW.plusSeconds(9)),
              "c", List.of(NOW.plusSeconds(60))));

  @Test
  void countsFromWhenAPostWasDueOrPromisedIfThatWasLater() {
    Lateness late =
        Lateness.of(List.of(promise("a", 1, false, -5), promise("b", 1, false, 8)), ARRIVALS, NOW);
    assertThat(late).isEqualTo(new Lateness(2, 1_000, 1_000, 1_000));
  }

  @Test
  void leavesOutCrowdedChannelsAndWhatNeverArrivedOrWasDueBefore() {
    Lateness late =
        Lateness.of(
            List.of(
                promise("c", 1, true, -5),
                promise("never", 1, false, -5),
                promise("a", -1, false, -5)),
            ARRIVALS,
            NOW);
    assertThat(late).isEqualTo(new Lateness(0, -1, -1, -1));
  }

  @Test
  void doubledTextsAreThoseThatCameMoreThanOnce() {
    assertThat(ARRIVALS.doubled()).containsExactly("a");
    assertThat(ARRIVALS.first("a")).isEqualTo(NOW.plusSeconds(2));
  }

  private static Promise promise(String text, long due, boolean crowded, long acknowledged) {
    return new Promise(
        "p-" + text,
        "d-" + text,
        text,
        NOW.plusSeconds(due),
        crowded,
        NOW.plusSeconds(acknowledged));
  }
}
