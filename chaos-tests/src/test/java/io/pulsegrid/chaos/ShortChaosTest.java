package io.pulsegrid.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.chaos.fault.Faults;
import io.pulsegrid.chaos.judge.History;
import io.pulsegrid.chaos.judge.Trials;
import io.pulsegrid.chaos.judge.Verdict;
import io.pulsegrid.chaos.load.Workload;
import io.pulsegrid.chaos.node.Grid;
import io.pulsegrid.chaos.node.LocalGrid;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The matrix's short form: one kill, one pause, Postgres away, all nodes killed, on one grid. */
class ShortChaosTest {
  private static final long SEED = 3;
  private static final Trials.Pace PACE =
      new Trials.Pace(Duration.ofSeconds(3), Duration.ofSeconds(3));

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private Path work;

  @Test
  void losesAndDoublesNothingWhateverFails() throws Exception {
    Verdict verdict = tried();

    assertThat(verdict.surprises()).isEmpty();
    assertThat(verdict.findings().lost()).isEmpty();
    assertThat(verdict.findings().doubled()).isEmpty();
    assertThat(verdict.overLimit()).isZero();
    assertThat(verdict.costs().healing().ready()).as("all nodes come back").isNotNegative();
    assertThat(verdict.costs().healing().verify()).as("verify is clean at last").isNotNegative();
    assertThat(verdict.load().posts()).isPositive();
    assertThat(verdict.load().promises()).isPositive();
    assertThat(verdict.load().searches()).isPositive();
  }

  private Verdict tried() throws Exception {
    Instant began = Instant.now();
    try (Platforms platforms = Platforms.start();
        Grid grid = LocalGrid.start(3, work, platforms.local(), Map.of());
        Workload workload = new Workload(grid, SEED, "short")) {
      workload.start("short");
      Trials.Place place = new Trials.Place(grid, null, null, platforms.local());
      Verdict verdict =
          new Trials(place, workload, new SplittableRandom(SEED), PACE, System.out::println)
              .of(Faults.few());
      new History(SEED, grid.size(), began, Instant.now(), List.of(verdict), List.of())
          .write(Path.of("target", "chaos-short.json"));
      return verdict;
    }
  }
}
