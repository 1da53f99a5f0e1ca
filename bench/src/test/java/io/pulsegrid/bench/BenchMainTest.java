package io.pulsegrid.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.bench.Outcome.Row;
import io.pulsegrid.bench.Outcome.Target;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchMainTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void printsATableAndWritesJson(@TempDir Path directory) throws IOException {
    Path json = directory.resolve("out.json");
    assertThat(run(0.95, "speed", "--json", json.toString())).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("things/s", "ours", "950", "theirs", "1000", "reached  against theirs: 0.950");
    assertThat(Files.readString(json))
        .isEqualTo(
            "[{\"bench\":\"speed\",\"reached\":true,"
                + "\"figures\":[{\"label\":\"things/s\",\"values\":{\"ours\":950}},"
                + "{\"label\":\"things/s again\",\"values\":{\"theirs\":1000}}],"
                + "\"targets\":[{\"label\":\"against theirs\",\"figure\":0.95,"
                + "\"atLeast\":0.9,\"reached\":true}]}]\n");
  }

  @Test
  void endsWithThreeBehindThePeer() {
    assertThat(run(0.5)).isEqualTo(3);
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("MISSED");
  }

  @Test
  void endsWithTwoWhenCalledWrongly() {
    assertThat(run(1, "no-such-bench")).isEqualTo(2);
    assertThat(run(1, "speed", "--json")).isEqualTo(2);
    assertThat(run(1, "--fast")).isEqualTo(2);
    assertThat(run(1, "speed", "speed")).isEqualTo(2);
    assertThat(run(1, "--size", "10")).isEqualTo(2);
    assertThat(run(1, "speed", "--size", "none")).isEqualTo(2);
    assertThat(run(1, "speed", "--size", "10")).as("it has but one size").isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("speed", "how fast?");
  }

  private int run(double ratio, String... args) {
    return BenchMain.run(
        args,
        List.of(new Fixed(ratio)),
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  private record Fixed(double ratio) implements Bench {
    @Override
    public String name() {
      return "speed";
    }

    @Override
    public String question() {
      return "how fast?";
    }

    @Override
    public Outcome run(PrintStream progress) {
      return new Outcome(
          name(),
          List.of(
              new Row("things/s", 0, Map.of("ours", 1_000 * ratio)),
              new Row("things/s again", 0, Map.of("theirs", 1_000.0))),
          List.of(Target.atLeast("against theirs", ratio, 0.9)));
    }
  }
}
