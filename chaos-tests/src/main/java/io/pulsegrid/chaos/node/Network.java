package io.pulsegrid.chaos.node;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Hosts on one machine: network namespaces on a bridge, each with a wire of its own. A cut gives
 * two hosts a false address for each other, so that what they send arrives nowhere and nobody is
 * told. Closing takes all of it down.
 */
public final class Network implements AutoCloseable {
  private static final String NOBODY = "02:de:ad:00:00:01";

  private final int subnet;
  private final List<String> hosts;
  private final Runnable takeDown = this::takeDown;

  private Network(int subnet, List<String> hosts) {
    this.subnet = subnet;
    this.hosts = List.copyOf(hosts);
  }

  /** Why there can be no such network here; empty where there can. */
  public static Optional<String> obstacle() throws InterruptedException {
    String probe = "pgx" + ProcessHandle.current().pid();
    if (!Shell.succeeds("ip", "netns", "add", probe)) {
      return Optional.of("network namespaces are not permitted here");
    }
    boolean wired =
        Shell.succeeds("ip", "link", "add", probe, "type", "bridge")
            && Shell.succeeds("ip", "link", "del", probe);
    boolean _ = Shell.succeeds("ip", "netns", "del", probe);
    return wired ? Optional.empty() : Optional.of("bridges are not permitted here");
  }

  public static Network of(int hosts) throws IOException, InterruptedException {
    // Two runs side by side get different subnets and names.
    int subnet = (int) (ProcessHandle.current().pid() % 250) + 1;
    List<String> names = new ArrayList<>();
    for (int i = 0; i < hosts; i++) {
      names.add("pg%dn%d".formatted(subnet, i));
    }
    Network network = new Network(subnet, names);
    // What an earlier run of this name may have left.
    network.takeDown();
    Remains.remember(network.takeDown);
    try {
      network.build();
      return network;
    } catch (IOException | InterruptedException e) {
      network.close();
      throw e;
    }
  }

  /** This machine's own address on the bridge. */
  public String gateway() {
    return "10.77.%d.1".formatted(subnet);
  }

  public String address(int host) {
    return "10.77.%d.%d".formatted(subnet, 10 + host);
  }

  /** All addresses, as Postgres's access rules name them. */
  public String range() {
    return "10.77.%d.0/24".formatted(subnet);
  }

  /** What a command is preceded by to run on a host. */
  public List<String> on(int host) {
    return List.of("ip", "netns", "exec", hosts.get(host));
  }

  /** Cuts one host off the others; all of them still reach this machine. */
  public void cut(int host) throws IOException, InterruptedException {
    for (int other = 0; other < hosts.size(); other++) {
      if (other != host) {
        mislead(host, other);
        mislead(other, host);
      }
    }
  }

  /** Takes back what {@link #cut} did. */
  public void heal(int host) throws InterruptedException {
    for (int other = 0; other < hosts.size(); other++) {
      if (other != host) {
        trust(host, other);
        trust(other, host);
      }
    }
  }

  @Override
  public void close() {
    takeDown();
    Remains.forget(takeDown);
  }

  private void takeDown() {
    try {
      for (String host : hosts) {
        boolean _ = Shell.succeeds("ip", "netns", "del", host);
      }
      boolean _ = Shell.succeeds("ip", "link", "del", bridge());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void build() throws IOException, InterruptedException {
    ip("link", "add", bridge(), "type", "bridge");
    ip("addr", "add", gateway() + "/24", "dev", bridge());
    ip("link", "set", bridge(), "up");
    for (int host = 0; host < hosts.size(); host++) {
      String name = hosts.get(host);
      String near = name + "v";
      ip("netns", "add", name);
      ip("link", "add", near, "type", "veth", "peer", "name", "eth0", "netns", name);
      ip("link", "set", near, "master", bridge(), "up");
      ip("-n", name, "addr", "add", address(host) + "/24", "dev", "eth0");
      ip("-n", name, "link", "set", "eth0", "up");
      ip("-n", name, "link", "set", "lo", "up");
    }
  }

  private void mislead(int host, int about) throws IOException, InterruptedException {
    ip(
        "-n",
        hosts.get(host),
        "neigh",
        "replace",
        address(about),
        "lladdr",
        NOBODY,
        "dev",
        "eth0",
        "nud",
        "permanent");
  }

  private void trust(int host, int about) throws InterruptedException {
    boolean _ =
        Shell.succeeds("ip", "-n", hosts.get(host), "neigh", "del", address(about), "dev", "eth0");
  }

  private String bridge() {
    return "pg%dbr".formatted(subnet);
  }

  private static void ip(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("ip"));
    command.addAll(List.of(arguments));
    String _ = Shell.run(command.toArray(String[]::new));
  }
}
