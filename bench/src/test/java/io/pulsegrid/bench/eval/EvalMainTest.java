package io.pulsegrid.bench.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvalMainTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void skipsByNameWhatHasNoData(@TempDir Path empty) {
    assertThat(run("--data", empty.toString())).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("skipped stories: no data in");
  }

  @Test
  void endsWithTwoWhenCalledWrongly() {
    assertThat(run("no-such-thing")).isEqualTo(2);
    assertThat(run("--data", "/no/such/directory")).isEqualTo(2);
    assertThat(run("--json")).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains("--data must be a directory, was /no/such/directory")
        .contains("--json needs a file");
  }

  @Test
  void readsQuotesAndLineBreaks() {
    assertThat(Csv.parse("a,b\n'1',\"x, \"\"y\"\"\nz\"\n"))
        .isEqualTo(List.of(List.of("a", "b"), List.of("'1'", "x, \"y\"\nz")));
  }

  @Test
  void scoresAGroupingAgainstItsLabels() {
    BCubed score = BCubed.of(List.of(1, 1, 1, 2), List.of("a", "a", "b", "b"));

    assertThat(score.precision()).isCloseTo((2 / 3d + 2 / 3d + 1 / 3d + 1) / 4, within(1e-9));
    assertThat(score.recall()).isCloseTo((1 + 1 + .5 + .5) / 4, within(1e-9));
    assertThat(BCubed.of(List.of(1, 2), List.of("a", "b")).f1()).isEqualTo(1);
  }

  private int run(String... args) {
    return EvalMain.run(
        args,
        List.of(new StoryEvaluation()),
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }
}
