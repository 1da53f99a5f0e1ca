package io.pulsegrid.node.launch;

import io.pulsegrid.node.config.DirectoryLock;
import io.pulsegrid.node.config.SettingRefused;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The ports over which the nodes of one launcher find each other and talk. Two launchers of one
 * user on one machine get different ones, so their grids never meet; also two that start together,
 * whose nodes take their ports seconds later: each port is the launcher's by a lock on a file,
 * which the operating system lets go of when the launcher ends, however it ends.
 *
 * @param locks one for each port
 */
record GridPorts(
    String host,
    List<Integer> discovery,
    List<Integer> communication,
    List<Integer> client,
    List<DirectoryLock> locks)
    implements AutoCloseable {
  static final int DISCOVERY = 47_500;
  static final int COMMUNICATION = 47_100;
  static final int CLIENT = 10_800;
  private static final int TRIED = 300;

  /** In the user's own directory: in one that all may write to, others could put links there. */
  private static final Path LOCKS =
      Path.of(System.getProperty("user.home"), ".cache", "pulsegrid", "ports");

  GridPorts {
    discovery = List.copyOf(discovery);
    communication = List.copyOf(communication);
    client = List.copyOf(client);
    locks = List.copyOf(locks);
  }

  /**
   * Ports that nobody has now, and no other launcher takes until this is closed.
   *
   * @param host the address that the nodes listen on
   * @param clientHost the one for programs
   * @param firstClient where to begin to look for the programs' ports
   */
  static GridPorts free(int nodes, String host, String clientHost, int firstClient) {
    List<DirectoryLock> locks = new ArrayList<>();
    // One process that asks for its own lock again would lose it.
    Set<Integer> taken = new HashSet<>();
    return new GridPorts(
        host,
        free(host, DISCOVERY, nodes, taken, locks),
        free(host, COMMUNICATION, nodes, taken, locks),
        free(clientHost, firstClient, nodes, taken, locks),
        locks);
  }

  @Override
  public void close() {
    locks.forEach(DirectoryLock::close);
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

  private static List<Integer> free(
      String host, int first, int count, Set<Integer> taken, List<DirectoryLock> locks) {
    var ports = new ArrayList<Integer>();
    for (int port = first; ports.size() < count; port++) {
      if (port == first + TRIED) {
        throw new SettingRefused("no free ports for the grid on " + host + " from " + first);
      }
      if (!taken.contains(port) && isFree(host, port) && isOurs(port, locks)) {
        ports.add(port);
        taken.add(port);
      }
    }
    return ports;
  }

  /** Whether no other launcher has the port; one without a home cannot tell, and takes it. */
  private static boolean isOurs(int port, List<DirectoryLock> locks) {
    try {
      Optional<DirectoryLock> lock = DirectoryLock.attempt(LOCKS, "port-" + port);
      lock.ifPresent(locks::add);
      return lock.isPresent();
    } catch (SettingRefused unwritable) {
      return true;
    }
  }
}
