package io.pulsegrid.node.launch;

import io.pulsegrid.node.config.SettingRefused;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The ports over which the nodes of one launcher find each other and talk. Two launchers on one
 * machine get different ones, so their grids never meet.
 */
record GridPorts(List<Integer> discovery, List<Integer> communication) {
  private static final int DISCOVERY = 47_500;
  private static final int COMMUNICATION = 47_100;

  GridPorts {
    discovery = List.copyOf(discovery);
    communication = List.copyOf(communication);
  }

  static GridPorts free(int nodes) {
    return new GridPorts(free(DISCOVERY, nodes), free(COMMUNICATION, nodes));
  }

  List<String> arguments(int index) {
    return List.of(
        "--pulsegrid.grid.discovery-port=" + discovery.get(index),
        "--pulsegrid.grid.communication-port=" + communication.get(index),
        "--pulsegrid.grid.addresses="
            + discovery.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(",")));
  }

  static boolean isFree(int port) {
    try (var socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static List<Integer> free(int first, int count) {
    var ports = new ArrayList<Integer>();
    for (int port = first; ports.size() < count; port++) {
      if (port == first + 300) {
        throw new SettingRefused("no free ports for the grid from " + first);
      }
      if (isFree(port)) {
        ports.add(port);
      }
    }
    return ports;
  }
}
