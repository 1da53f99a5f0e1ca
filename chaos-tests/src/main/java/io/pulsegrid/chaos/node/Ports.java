package io.pulsegrid.chaos.node;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import java.util.random.RandomGenerator;

/** The ports of one node: chosen by chance, so that runs side by side do not meet. */
record Ports(int http, int discovery, int communication, int client) {
  private static final int LOWEST = 18_000;
  private static final int SPAN = 12_000;
  private static final int TRIES = 200;

  static Ports free() {
    int first = freeRow(4);
    return new Ports(first, first + 1, first + 2, first + 3);
  }

  /**
   * The first of several free ports in a row, below those that outgoing connections take: a node
   * must find its own port free, seconds later and when it starts again.
   */
  static int freeRow(int count) {
    RandomGenerator chance = RandomGenerator.getDefault();
    for (int turn = 0; turn < TRIES; turn++) {
      int first = LOWEST + chance.nextInt(SPAN);
      if (areFree(first, count)) {
        return first;
      }
    }
    throw new IllegalStateException("no " + count + " free ports in a row");
  }

  /** The grid's, as the node reads them from its environment. */
  Map<String, String> environment() {
    return Map.of(
        "PULSEGRID_GRID_ADDRESSES", "127.0.0.1:" + discovery,
        "PULSEGRID_GRID_DISCOVERYPORT", String.valueOf(discovery),
        "PULSEGRID_GRID_COMMUNICATIONPORT", String.valueOf(communication),
        "PULSEGRID_CLIENT_PORT", String.valueOf(client));
  }

  private static boolean areFree(int first, int count) {
    for (int port = first; port < first + count; port++) {
      try {
        socket(port).close();
      } catch (IOException e) {
        return false;
      }
    }
    return true;
  }

  private static ServerSocket socket(int port) throws IOException {
    return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
  }
}
