package io.pulsegrid.node.launch;

import static io.pulsegrid.node.launch.Finding.well;
import static io.pulsegrid.node.launch.Finding.wrong;

import io.pulsegrid.node.config.SettingRefused;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;

/**
 * Whether the grid's own ports answer from here, as far as settings name them: a launcher picks
 * free ones by itself.
 */
record Reachability(OuterSettings settings) {
  private static final int CONNECT_MILLIS = 2_000;
  private static final String GRID_HOST = "pulsegrid.grid.host";
  private static final String COMMUNICATION = "pulsegrid.grid.communication-port";
  private static final String DISCOVERY = "pulsegrid.grid.discovery-port";
  private static final String PROGRAMS_HOST = "pulsegrid.client.host";
  private static final String PROGRAMS = "pulsegrid.client.port";

  /** The ports of the node that stands here. */
  void own(List<Finding> findings) {
    own("communication", GRID_HOST, COMMUNICATION, 47_100, findings);
    own("programs", PROGRAMS_HOST, PROGRAMS, 10_800, findings);
  }

  private void own(String what, String host, String port, int usual, List<Finding> findings) {
    if (settings.find(host).isEmpty() && settings.find(port).isEmpty()) {
      return;
    }
    String address =
        settings
            .find(host)
            .filter(one -> !one.equals("0.0.0.0") && !one.equals("::"))
            .orElse("127.0.0.1");
    int number = number(port, usual);
    String told = address + ":" + number;
    findings.add(
        answers(address, number)
            ? well(what, told + " listens")
            : wrong(
                what,
                "nothing listens at " + told,
                "the node still starts, or was given other ports: its log, data/logs, says so"));
  }

  /** The other nodes' ports, where settings name them one by one. */
  void peers(List<Finding> findings) {
    for (String peer : settings.find("pulsegrid.grid.addresses").orElse("").split(",", -1)) {
      int colon = peer.lastIndexOf(':');
      if (colon < 1 || peer.contains("..")) {
        continue;
      }
      String host = peer.substring(0, colon).strip();
      int discovery = number("pulsegrid.grid.addresses", peer.substring(colon + 1));
      // Of several nodes on one machine both ports count up alike.
      int communication = number(COMMUNICATION, 47_100) + discovery - number(DISCOVERY, 47_500);
      findings.add(peer(host, discovery, communication));
    }
  }

  private static Finding peer(String host, int discovery, int communication) {
    String told = host + ":" + discovery;
    if (!answers(host, discovery)) {
      return wrong(
          "peer",
          told + " cannot be reached",
          "start that node, or open its discovery and communication ports to this one");
    }
    return answers(host, communication)
        ? well("peer", told + " listens, and " + communication)
        : wrong(
            "peer",
            told + " listens, its communication port " + communication + " cannot be reached",
            "open it to this node: without it the grid forms and then stands still");
  }

  static boolean answers(String host, int port) {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, port), CONNECT_MILLIS);
      return true;
    } catch (IOException | IllegalArgumentException e) {
      return false;
    }
  }

  private int number(String key, int usual) {
    return settings.find(key).map(text -> number(key, text)).orElse(usual);
  }

  private static int number(String key, String text) {
    try {
      return Integer.parseInt(text.strip());
    } catch (NumberFormatException e) {
      throw new SettingRefused(key + " must name a port by its number, was " + text);
    }
  }
}
