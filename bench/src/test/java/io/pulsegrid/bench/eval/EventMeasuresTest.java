package io.pulsegrid.bench.eval;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventMeasuresTest {
  private static final Instant START = Instant.parse("2026-10-01T12:00:00Z");

  @Test
  void theOnsetIsTheFirstOfFiveBusyMinutes() {
    List<LabelledPost> posts = new ArrayList<>(minutes(0, 4, 10, DataSet.ON_TOPIC));
    posts.addAll(minutes(4, 20, 10, "off-topic"));
    assertThat(Onset.of(posts)).isEmpty();

    posts.addAll(minutes(20, 25, 10, DataSet.ON_TOPIC));
    assertThat(Onset.of(posts)).contains(START.plusSeconds(20 * 60));
  }

  @Test
  void pairsAreCountedOnBothSides() {
    Pairs pairs = Pairs.of(List.of(1, 1, 1, 2), List.of("a", "a", "b", "b"));

    assertThat(pairs).isEqualTo(new Pairs(3, 2, 1));
    assertThat(pairs.precision()).isEqualTo(1 / 3d);
    assertThat(pairs.recall()).isEqualTo(.5);
    assertThat(Pairs.of(List.of(1, 2), List.of(1, 2)).precision()).isEqualTo(1);
  }

  @Test
  void aWordAlarmsOnceWhenItLeavesItsMean() {
    List<LabelledPost> posts = new ArrayList<>(minutes(0, 60, 1, "off-topic"));
    assertThat(KeywordEwma.alarms(posts)).isEmpty();

    posts.addAll(minutes(60, 70, 12, DataSet.ON_TOPIC));
    assertThat(KeywordEwma.alarms(posts))
        .singleElement()
        .satisfies(
            alarm -> {
              assertThat(alarm.about()).isEqualTo("flood");
              assertThat(alarm.at()).isBetween(START.plusSeconds(3600), START.plusSeconds(3660));
              assertThat(alarm.ofEvent()).isTrue();
            });
  }

  private static List<LabelledPost> minutes(int first, int end, int posts, String label) {
    List<LabelledPost> all = new ArrayList<>();
    for (int minute = first; minute < end; minute++) {
      for (int i = 0; i < posts; i++) {
        all.add(
            new LabelledPost(
                minute + "-" + i + label,
                "flood",
                null,
                label,
                START.plusSeconds(60L * minute + i)));
      }
    }
    return all;
  }
}
