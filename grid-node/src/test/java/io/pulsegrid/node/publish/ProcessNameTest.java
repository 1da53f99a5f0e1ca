package io.pulsegrid.node.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProcessNameTest {
  private final ProcessName own = ProcessName.own("node-0");

  @BeforeEach
  void onlyWhereProcessesCanBeLookedAt() {
    Assumptions.assumeTrue(Files.exists(Path.of("/proc/self/stat")), "/proc absent");
  }

  @Test
  void aRunningProcessIsNotDead() {
    assertThat(own.provesDead(own.value())).isFalse();
  }

  @Test
  void anEndedProcessIsDeadAndSoIsOneWhoseIdWasGivenAgain() throws Exception {
    assertThat(own.provesDead(with("4194305", "1"))).isTrue();
    assertThat(own.provesDead(with("" + ProcessHandle.current().pid(), "1"))).isTrue();
    Process child = new ProcessBuilder("sleep", "60").start();
    String started = startTicks(child.pid());
    assertThat(own.provesDead(with("" + child.pid(), started))).isFalse();
    child.destroyForcibly().waitFor();
    assertThat(own.provesDead(with("" + child.pid(), started))).isTrue();
  }

  @Test
  void ofAnotherMachineNothingIsProven() {
    String[] parts = own.value().split(" ", -1);
    assertThat(own.provesDead("node-1 elsewhere " + parts[2] + " 1")).isFalse();
    assertThat(own.provesDead("node-1 ? 4194305 1")).isFalse();
    assertThat(own.provesDead("nonsense")).isFalse();
  }

  private String with(String pid, String started) {
    String[] parts = own.value().split(" ", -1);
    return String.join(" ", parts[0], parts[1], pid, started);
  }

  private static String startTicks(long pid) throws IOException {
    String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
    return stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[19];
  }
}
