package io.pulsegrid.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Ports that nobody listens on. */
final class FreePorts {
  private FreePorts() {}

  /** The first of as many free ports in a row. */
  static int inARow(int count) {
    while (true) {
      // Below those that systems hand out for outgoing connections.
      int first = ThreadLocalRandom.current().nextInt(15_000, 30_000);
      boolean free = true;
      for (int i = 0; i < count && free; i++) {
        try (ServerSocket _ = new ServerSocket(first + i, 1, InetAddress.getLoopbackAddress())) {
          free = true;
        } catch (IOException taken) {
          free = false;
        }
      }
      if (free) {
        return first;
      }
    }
  }
}
