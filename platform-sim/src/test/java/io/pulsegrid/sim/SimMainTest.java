package io.pulsegrid.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SimMainTest {
  private static final int TERMINATED = 128 + 15;

  @Test
  void saysWhereItAnswersAndEndsWhenTold() throws Exception {
    Process program = start("--port", "0");
    try (BufferedReader out = program.inputReader()) {
      assertThat(out.readLine()).matches("sim ready http://127\\.0\\.0\\.1:\\d+");
      program.destroy();
      assertThat(program.waitFor(10, TimeUnit.SECONDS)).isTrue();
      assertThat(program.exitValue()).isEqualTo(TERMINATED);
    } finally {
      program.destroyForcibly();
    }
  }

  @Test
  void saysSoWhenThePortIsTaken() throws Exception {
    try (Sim sim = Sim.start(SimOptions.local(0))) {
      Process program = start("--port", String.valueOf(sim.port()));
      try (BufferedReader err = program.errorReader()) {
        assertThat(err.readLine()).startsWith("sim: cannot listen on 127.0.0.1:" + sim.port());
        assertThat(program.waitFor()).isEqualTo(1);
      } finally {
        program.destroyForcibly();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "--port x, '--port must be a number, was x'",
    "--port 70000, 'port must be 0 to 65535, was 70000'",
    "--port, --port needs a value",
    "--door 1, unknown option --door"
  })
  void refusesWhatItDoesNotUnderstand(String line, String message) {
    assertThatThrownBy(() -> SimMain.parse(line.split(" ", -1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  private static Process start(String... arguments) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    ProcessBuilder program =
        new ProcessBuilder(
            java,
            "-Xmx128m",
            "-cp",
            System.getProperty("java.class.path"),
            SimMain.class.getName());
    program.command().addAll(List.of(arguments));
    return program.start();
  }
}
