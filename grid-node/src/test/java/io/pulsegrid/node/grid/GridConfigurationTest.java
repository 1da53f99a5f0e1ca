package io.pulsegrid.node.grid;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.ignite.spi.communication.tcp.TcpCommunicationSpi;
import org.junit.jupiter.api.Test;

class GridConfigurationTest {
  /** With Ignite's own 32 KB a grid under load stood still for seconds, which no test provokes. */
  @Test
  void leavesTheSizeOfSocketBuffersToTheOperatingSystem() {
    try (GridFixture grid = GridFixture.of(1)) {
      var communication = (TcpCommunicationSpi) grid.node(0).configuration().getCommunicationSpi();
      assertThat(communication.getSocketReceiveBuffer()).isZero();
      assertThat(communication.getSocketSendBuffer()).isZero();
    }
  }
}
