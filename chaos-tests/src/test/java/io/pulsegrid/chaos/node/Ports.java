package io.pulsegrid.chaos.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;

/** The ports of one node: chosen by the system, so that runs side by side do not meet. */
record Ports(int http, int discovery, int communication) {
  static Ports free() {
    try (ServerSocket http = socket();
        ServerSocket discovery = socket();
        ServerSocket communication = socket()) {
      return new Ports(http.getLocalPort(), discovery.getLocalPort(), communication.getLocalPort());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The grid's, as the node reads them from its environment. */
  Map<String, String> environment() {
    return Map.of(
        "PULSEGRID_GRID_ADDRESSES", "127.0.0.1:" + discovery,
        "PULSEGRID_GRID_DISCOVERYPORT", String.valueOf(discovery),
        "PULSEGRID_GRID_COMMUNICATIONPORT", String.valueOf(communication));
  }

  private static ServerSocket socket() throws IOException {
    return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  }
}
