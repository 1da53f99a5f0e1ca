package io.pulsegrid.node.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class GridPortsTest {
  private static final String LOOPBACK = "127.0.0.1";

  @Test
  void twoLaunchersThatStartTogetherGetDifferentOnes() {
    GridPorts first = GridPorts.free(3, LOOPBACK, LOOPBACK, GridPorts.CLIENT);
    try (GridPorts second = GridPorts.free(3, LOOPBACK, LOOPBACK, GridPorts.CLIENT)) {
      assertThat(second.discovery()).hasSize(3).doesNotContainAnyElementsOf(first.discovery());
      assertThat(second.communication()).doesNotContainAnyElementsOf(first.communication());
      assertThat(second.client()).doesNotContainAnyElementsOf(first.client());
    } finally {
      first.close();
    }
    try (GridPorts again = GridPorts.free(3, LOOPBACK, LOOPBACK, GridPorts.CLIENT)) {
      assertThat(again.discovery()).isEqualTo(first.discovery());
    }
  }

  @Test
  void leavesOutAPortThatSomebodyHas() throws Exception {
    int taken;
    try (GridPorts free = GridPorts.free(1, LOOPBACK, LOOPBACK, GridPorts.CLIENT)) {
      taken = free.discovery().getFirst();
    }
    try (ServerSocket other = new ServerSocket()) {
      other.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), taken));
      try (GridPorts free = GridPorts.free(2, LOOPBACK, LOOPBACK, GridPorts.CLIENT)) {
        assertThat(free.discovery()).hasSize(2).doesNotContain(taken);
      }
    }
  }
}
