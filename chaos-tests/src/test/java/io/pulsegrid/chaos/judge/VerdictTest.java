package io.pulsegrid.chaos.judge;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.chaos.control.Control;
import io.pulsegrid.chaos.fault.Bounds;
import io.pulsegrid.chaos.fault.Faults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class VerdictTest {
  private static final Instant NOW = Instant.parse("2026-05-12T10:00:00Z");
  private static final Verdict GOOD = verdict(List.of(), List.of(), 0, 12_000, 20_000, List.of());

  static Stream<Verdict> bad() {
    return Stream.of(
        verdict(List.of("post 1 has no row"), List.of(), 0, 1, 1, List.of()),
        verdict(List.of(), List.of("hello"), 0, 1, 1, List.of()),
        verdict(List.of(), List.of(), 1, 1, 1, List.of()),
        verdict(List.of(), List.of(), 0, -1, 1, List.of()),
        verdict(List.of(), List.of(), 0, 60_001, 1, List.of()),
        verdict(List.of(), List.of(), 0, 1, -1, List.of()),
        verdict(List.of(), List.of(), 0, 1, 1, List.of("422 invalid")),
        dear(costs(11_000, 0, 0, 0, 0, 1)),
        dear(costs(900, 10_001, 0, 0, 0, 1)),
        dear(costs(900, 0, 11_000, 0, 0, 1)),
        dear(costs(900, 0, 0, 1, 0, 1)),
        dear(costs(900, 0, 0, 0, 11_000, 1)),
        dear(costs(900, 0, 0, 0, 0, 60_001)),
        dear(costs(900, 0, 0, 0, 0, -1)),
        Verdict.brokenOff("cut", new IOException("no node answers")));
  }

  @ParameterizedTest
  @MethodSource("bad")
  void holdsOnlyWhereEverythingHolds(Verdict verdict) {
    assertThat(GOOD.holds()).isTrue();
    assertThat(verdict.holds()).isFalse();
    assertThat(history(List.of(GOOD, verdict), Control.Outcome.REPORTED).holds()).isFalse();
    assertThat(Table.of(List.of(verdict), List.of())).contains("DOES NOT HOLD");
  }

  @Test
  void aControlThatReportsNothingFailsTheRun() {
    assertThat(history(List.of(GOOD), Control.Outcome.REPORTED).holds()).isTrue();
    assertThat(history(List.of(GOOD), Control.Outcome.SKIPPED).holds()).isTrue();
    assertThat(history(List.of(GOOD), Control.Outcome.UNNOTICED).holds()).isFalse();
  }

  @Test
  void isKeptWithTheSeedThatRepeatsIt(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("runs/one.json");
    history(List.of(GOOD, Verdict.skipped("cut", "not here")), Control.Outcome.REPORTED)
        .write(file);
    JsonNode kept = JsonMapper.shared().readTree(Files.readString(file));
    assertThat(kept.path("seed").longValue()).isEqualTo(7);
    assertThat(kept.at("/verdicts/0/costs/late/p99").longValue()).isEqualTo(900);
    assertThat(kept.at("/verdicts/1/skipped").stringValue()).isEqualTo("not here");
    assertThat(kept.at("/controls/0/outcome").stringValue()).isEqualTo("REPORTED");
  }

  @Test
  void boundsOnlyWhatTheFaultLeavesPossible() {
    Costs dear = costs(70_000, 70_000, 70_000, 0, 0, 50_000);
    assertThat(dear.beyond(bounds("store-away"))).isEmpty();
    assertThat(dear.beyond(bounds("kill-one").among(2))).isEmpty();
    assertThat(dear.beyond(bounds("kill-one")))
        .containsExactly(
            "posts were late (p99) for 70.0 s, 10 s at the most",
            "a delivery was ARMED beyond its lease for 70.0 s, 10 s at the most",
            "a write was not taken for 70.0 s, 10 s at the most");
  }

  private static History history(List<Verdict> verdicts, Control.Outcome outcome) {
    return new History(
        7, 3, NOW, NOW.plusSeconds(9), verdicts, List.of(new Control.Report("c", outcome, "x")));
  }

  private static Verdict verdict(
      List<String> lost,
      List<String> doubled,
      int overLimit,
      long verifyMillis,
      long readyMillis,
      List<String> surprises) {
    Costs some = costs(900, 0, 0, 0, 0, 1);
    return verdict(
        new Findings(lost, doubled, new TreeMap<>()),
        overLimit,
        new Costs(
            some.late(),
            some.caught(),
            some.armedMillis(),
            some.service(),
            new Costs.Healing(1, readyMillis, verifyMillis)),
        surprises);
  }

  /** Of a fault that nobody but its node should notice. */
  private static Verdict dear(Costs costs) {
    return verdict(new Findings(List.of(), List.of(), new TreeMap<>()), 0, costs, List.of());
  }

  private static Verdict verdict(
      Findings findings, int overLimit, Costs costs, List<String> surprises) {
    return new Verdict(
        "kill-one",
        "",
        List.of(new Verdict.Event(NOW, "kills node 0")),
        new Verdict.Load(20, 3, 9),
        findings,
        overLimit,
        costs,
        costs.beyond(bounds("kill-one")),
        surprises);
  }

  private static Bounds bounds(String fault) {
    return Faults.all().stream()
        .filter(it -> it.name().equals(fault))
        .findFirst()
        .orElseThrow()
        .bounds();
  }

  private static Costs costs(
      long lateP99, long armed, long write, long searchesFailed, long searchesWhole, long clean) {
    return new Costs(
        new Lateness(3, 10, lateP99, lateP99),
        new Lateness(1, 9_000, 9_000, 9_000),
        armed,
        new Service(0, new TreeMap<>(), write, searchesFailed, 0, 0, searchesWhole),
        new Costs.Healing(clean, 1, 1));
  }
}
