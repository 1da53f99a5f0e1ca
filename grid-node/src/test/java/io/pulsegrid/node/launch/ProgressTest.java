package io.pulsegrid.node.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(shown, true, StandardCharsets.UTF_8);
  private Instant now = Instant.EPOCH;

  @Test
  void redrawsABarOnATerminal() {
    var progress = Progress.of(2_000_000, () -> now, out, true);
    now = now.plusSeconds(1);
    progress.moved(1_000_000);
    assertThat(shown.toString(StandardCharsets.UTF_8))
        .startsWith("\r[###############...............]  50 %  1.0 MB  1.0 MB/s  1 s left")
        .doesNotContain("\n");
  }

  @Test
  void writesALineNowAndThenElsewhere() {
    var progress = Progress.of(2_000_000, () -> now, out, false);
    now = now.plusSeconds(5);
    progress.moved(500_000);
    assertThat(shown.size()).isZero();
    now = now.plusSeconds(5);
    progress.moved(500_000);
    progress.done();
    assertThat(shown.toString(StandardCharsets.UTF_8).lines())
        .containsExactly(
            " 50 %  1.0 MB  100.0 kB/s  10 s left", "100 %  1.0 MB  100.0 kB/s  10.0 s");
  }

  @Test
  void doesWithoutAShareWhenTheLengthIsNotKnown() {
    var progress = Progress.of(-1, () -> now, out, false);
    now = now.plusSeconds(10);
    progress.moved(1_000);
    assertThat(shown.toString(StandardCharsets.UTF_8).strip()).isEqualTo("1.0 kB  0.1 kB/s");
  }
}
