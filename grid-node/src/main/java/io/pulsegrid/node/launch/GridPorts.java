package io.pulsegrid.node.launch;

import io.pulsegrid.node.config.SettingRefused;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The ports over which the nodes of one launcher find each other and talk. Two launchers on one
 * machine get different ones, so their grids never meet.
 */
record GridPorts(
    String host, List<Integer> discovery, List<Integer> communication, List<Integer> client) {
  static final int DISCOVERY = 47_500;
  static final int COMMUNICATION = 47_100;
  static final int CLIENT = 10_800;

  GridPorts {
    discovery = List.copyOf(discovery);
    communication = List.copyOf(communication);
    client = List.copyOf(client);
  }

  /**
   * Ports that nobody has now.
   *
   * @param host the address that the nodes listen on
   * @param clientHost the one for programs
   * @param firstClient where to begin to look for the programs' ports
   */
  static GridPorts free(int nodes, String host, String clientHost, int firstClient) {
    return new GridPorts(
        host,
        free(host, DISCOVERY, nodes),
        free(host, COMMUNICATION, nodes),
        free(clientHost, firstClient, nodes));
  }

  /** The port for programs, which no other part of the grid needs to know. */
  String clientArgument(int index) {
    return "--pulsegrid.client.port=" + client.get(index);
  }

  List<String> arguments(int index) {
    return List.of(
        "--pulsegrid.grid.discovery-port=" + discovery.get(index),
        "--pulsegrid.grid.communication-port=" + communication.get(index),
        "--pulsegrid.grid.addresses="
            + discovery.stream().map(port -> host + ":" + port).collect(Collectors.joining(",")));
  }

  static boolean isFree(int port) {
    return isFree("127.0.0.1", port);
  }

  private static boolean isFree(String host, int port) {
    try (var socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(host, port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static List<Integer> free(String host, int first, int count) {
    var ports = new ArrayList<Integer>();
    for (int port = first; ports.size() < count; port++) {
      if (port == first + 300) {
        throw new SettingRefused("no free ports for the grid on " + host + " from " + first);
      }
      if (isFree(host, port)) {
        ports.add(port);
      }
    }
    return ports;
  }
}
