package io.pulsegrid.chaos.judge;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.chaos.judge.Reckoning.Row;
import io.pulsegrid.chaos.judge.Reckoning.Said;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReckoningTest {
  @Test
  void holdsWhereAllThreeSayTheSame() {
    Reckoning reckoning = reckon(new Row("d1", "PUBLISHED", "42", 1), List.of("42"), "PUBLISHED");

    assertThat(reckoning.holds()).isTrue();
    assertThat(reckoning.states()).containsExactly(Map.entry("PUBLISHED", 1));
  }

  @Test
  void leavesWhatWaitsInSightToAPerson() {
    assertThat(reckon(new Row("d1", "UNCONFIRMED", "", 0), List.of("42"), "UNCONFIRMED").holds())
        .isTrue();
  }

  @Test
  void namesWhatIsMissingOrNeverEnded() {
    assertThat(Reckoning.of(List.of("a"), new Said(Map.of(), Map.of(), Map.of()), 0).lost())
        .containsExactly("a has no row");
    assertThat(reckon(new Row("d1", "PUBLISHED", "42", 1), List.of(), "PUBLISHED").lost())
        .containsExactly("a is PUBLISHED and never arrived");
    assertThat(reckon(new Row("d1", "ARMED", "", 0), List.of(), "ARMED").lost())
        .containsExactly("a is still ARMED");
    assertThat(reckon(new Row("d1", "FAILED", "", 0), List.of(), "FAILED").lost())
        .containsExactly("a ended FAILED");
  }

  @Test
  void namesWhatCameTwice() {
    Reckoning reckoning =
        reckon(new Row("d1", "PUBLISHED", "42", 1), List.of("42", "43"), "PUBLISHED");

    assertThat(reckoning.doubled()).containsExactly("a");
    assertThat(reckoning.holds()).isFalse();
  }

  @Test
  void namesWhatTwoSayDifferently() {
    assertThat(reckon(new Row("d1", "PUBLISHED", "42", 2), List.of("43"), "ARMED").disputed())
        .containsExactly(
            "a is 42 in the ledger and [43] there",
            "a was accepted 2 times",
            "delivery d1 is PUBLISHED in the ledger and ARMED to a node");
    assertThat(reckon(new Row("d1", "MISSED", "", 0), List.of("43"), "MISSED").disputed())
        .containsExactly("a ended MISSED and arrived");
  }

  private static Reckoning reckon(Row row, List<String> arrived, String told) {
    return Reckoning.of(
        List.of("a"), new Said(Map.of("a", row), Map.of("a", arrived), Map.of(row.id(), told)), 0);
  }
}
