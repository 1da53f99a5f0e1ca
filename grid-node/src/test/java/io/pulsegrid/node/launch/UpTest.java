package io.pulsegrid.node.launch;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.node.grid.GridFixture;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code up} as real processes: launcher, PostgreSQL and node. */
class UpTest {
  private static final Duration START = Duration.ofMinutes(5);

  @TempDir Path directory;
  private final List<Process> launchers = new ArrayList<>();

  @AfterEach
  void leaveNothingBehind() {
    launchers.forEach(Process::destroyForcibly);
    ours().forEach(ProcessHandle::destroyForcibly);
    Awaitility.await().atMost(START).until(() -> ours().findAny().isEmpty());
  }

  @Test
  void startsADeadNodeAgainAndStopsCleanly() throws Exception {
    int port = freePort();
    Process launcher = up("first", "--port", String.valueOf(port));
    Awaitility.await()
        .atMost(START)
        .until(() -> said("first").contains("ready http://127.0.0.1:" + port));

    assertThat(up("second", "--port", String.valueOf(freePort())).waitFor()).isEqualTo(1);
    assertThat(said("second"))
        .contains(
            data()
                + " is in use by a running pulsegrid (pid "
                + launcher.pid()
                + "); stop it first");

    node().destroyForcibly();
    Awaitility.await().atMost(START).until(() -> said("first").contains("node 0 is back"));
    assertThat(said("first")).contains("node 0 ended with 137; it starts again in 1 s");

    launcher.destroy();
    assertThat(launcher.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(launcher.exitValue()).isZero();
    assertThat(ours()).isEmpty();
  }

  @Test
  void refusesASettingInTheNodesWordsBeforeAnythingIsTouched() throws Exception {
    Path settings = Files.writeString(directory.resolve("node.yml"), "pulsegrid.store.pool: 1\n");
    Process launcher =
        up("refused", "--port", String.valueOf(freePort()), "--config", settings.toString());
    assertThat(launcher.waitFor(5, TimeUnit.MINUTES)).isTrue();
    assertThat(launcher.exitValue()).isEqualTo(1);
    assertThat(said("refused"))
        .contains("pulsegrid: pulsegrid.store.pool must be between 4 and 200, was 1")
        .doesNotContain("\tat ");
    assertThat(data()).doesNotExist();
  }

  @Test
  void leavesNothingBehindWhereItsPortIsInUse() throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = String.valueOf(taken.getLocalPort());
      assertThat(up("refused", "--port", port).waitFor()).isEqualTo(1);
      assertThat(said("refused")).contains("port " + port + " is in use; choose another");
      assertThat(data()).doesNotExist();
    }
  }

  @Test
  void leavesPostgresForTheNextStartWhenTheLauncherIsKilled() throws Exception {
    int port = freePort();
    Process launcher = up("killed", "--port", String.valueOf(port));
    Awaitility.await().atMost(START).until(() -> said("killed").contains("ready "));
    long postgres = postmaster();

    launcher.destroyForcibly();
    // The node notices by itself; the next start waits for that.
    Process next = up("next", "--port", String.valueOf(port));
    Awaitility.await().atMost(START).until(() -> said("next").contains("ready "));
    assertThat(postmaster()).isEqualTo(postgres);

    next.destroy();
    assertThat(next.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(ours()).isEmpty();
  }

  private Process up(String name, String... options) throws IOException {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-Dpulsegrid.home=" + Path.of("..").toRealPath(),
                "-cp",
                System.getProperty("java.class.path"),
                "io.pulsegrid.node.launch.Main",
                "up",
                "--data",
                data().toString()));
    command.addAll(List.of(options));
    File output = directory.resolve(name + ".out").toFile();
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output).start();
    launchers.add(process);
    return process;
  }

  private String said(String name) throws IOException {
    return Files.readString(directory.resolve(name + ".out"));
  }

  private Path data() {
    return directory.resolve("data");
  }

  private ProcessHandle node() {
    return ours()
        .filter(process -> commandLine(process).contains("io.pulsegrid.node.PulsegridNode"))
        .findFirst()
        .orElseThrow();
  }

  private long postmaster() throws IOException {
    return Long.parseLong(
        Files.readAllLines(data().resolve("postgres/postmaster.pid")).getFirst().strip());
  }

  /** Nodes and servers of this data directory. */
  private Stream<ProcessHandle> ours() {
    return ProcessHandle.allProcesses()
        .filter(
            process -> {
              String line = commandLine(process);
              return line.contains(data().toString()) && !line.contains("launch.Main");
            });
  }

  private static String commandLine(ProcessHandle process) {
    // Handles of processes with long command lines do not tell them everywhere; /proc does.
    try {
      return new String(
          Files.readAllBytes(Path.of("/proc/" + process.pid() + "/cmdline")),
          java.nio.charset.StandardCharsets.UTF_8);
    } catch (IOException e) {
      return process.info().commandLine().orElse("");
    }
  }

  private static int freePort() {
    return GridFixture.freePorts(1).getFirst();
  }
}
