package io.pulsegrid.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pulsegrid.chaos.fault.RollingRestart;
import io.pulsegrid.chaos.fault.Scene;
import io.pulsegrid.chaos.load.Deed;
import io.pulsegrid.chaos.load.Workload;
import io.pulsegrid.chaos.node.Grid;
import io.pulsegrid.chaos.node.LocalGrid;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Takes minutes, so the gate leaves it out: {@code mvn test -Dtest.excluded= -Dtest=...}. */
@Tag("minutes")
class RollingRestartTest {
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(15);
  private static final Duration SETTLE = Duration.ofMinutes(1);

  @TempDir private Path work;

  @Test
  void costsAClientThatAsksAnotherNodeNoError() throws Exception {
    List<String> story = new ArrayList<>();
    try (Platforms platforms = Platforms.start();
        Grid grid = LocalGrid.start(3, work, platforms.local(), Map.of());
        Workload workload = new Workload(grid, 7, "roll")) {
      workload.start("roll");
      Instant begun = Instant.now();
      new RollingRestart().inject(new Scene(grid, null, null, new SplittableRandom(7), story::add));
      workload.write(false);

      List<Deed> deeds = workload.deeds().since(begun);
      assertThat(deeds).hasSizeGreaterThan(100).allMatch(Deed::done);
      assertThat(deeds).allMatch(deed -> deed.took().compareTo(LONGEST_WAIT) < 0);
      assertThat(workload.deeds().surprises()).isEmpty();
      assertThat(story).hasSize(3);
      await()
          .atMost(SETTLE)
          .until(
              () ->
                  grid.rest(0)
                      .waiting(SETTLE)
                      .post("/verify", "{}")
                      .body()
                      .path("clean")
                      .booleanValue());
    }
  }
}
