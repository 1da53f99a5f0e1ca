package io.pulsegrid.chaos.node;

import io.pulsegrid.chaos.node.UpProcess.Order;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * One node on each host of a network of namespaces, with a launcher and a data directory of its
 * own; all share a Postgres of this machine.
 */
public final class HostsGrid implements Grid {
  private static final int HTTP = 8080;
  private static final int DISCOVERY = 47_500;
  private static final int COMMUNICATION = 47_100;

  private final Network network;
  private final URI platforms;
  private final Store store;
  private final Launch launch;
  private final List<UpProcess> launchers = new ArrayList<>();
  private String key = "";

  /** What every launcher gets. */
  private record Launch(int nodes, Path work, Path settings, Map<String, String> environment) {}

  private HostsGrid(Network network, URI platforms, Store store, Launch launch) {
    this.network = network;
    this.platforms = platforms;
    this.store = store;
    this.launch = launch;
  }

  /** Starts a node on every host and waits until all are ready. */
  public static HostsGrid start(
      int nodes, Path work, int platformsPort, Map<String, String> environment)
      throws IOException, InterruptedException {
    Path settings = Settings.write(Files.createDirectories(work), Allowed.NARROW);
    Network network = Network.of(nodes);
    Store store;
    try {
      store = reachable(Files.createDirectories(work.resolve("store")), network);
    } catch (IOException | RuntimeException e) {
      network.close();
      throw e;
    }
    URI platforms = URI.create("http://" + network.gateway() + ":" + platformsPort);
    HostsGrid grid =
        new HostsGrid(network, platforms, store, new Launch(nodes, work, settings, environment));
    try {
      for (int host = 0; host < nodes; host++) {
        grid.launchers.add(grid.launch(host));
        if (host == 0) {
          grid.key = Files.readString(grid.launchers.getFirst().awaitReady().adminKey()).strip();
        }
      }
      for (UpProcess launcher : grid.launchers) {
        UpProcess _ = launcher.awaitReady();
      }
      return grid;
    } catch (IOException | InterruptedException | RuntimeException | Error e) {
      grid.close();
      throw e;
    }
  }

  public Network network() {
    return network;
  }

  @Override
  public int size() {
    return launchers.size();
  }

  @Override
  public URI url(int index) {
    return URI.create("http://" + network.address(index) + ":" + HTTP);
  }

  @Override
  public Rest rest(int index) {
    return new Rest(url(index), key);
  }

  @Override
  public long pid(int index) throws IOException {
    return launchers
        .get(index)
        .onlyNode()
        .map(ProcessHandle::pid)
        .orElseThrow(() -> new IOException("host " + index + " runs no node"));
  }

  @Override
  public Store store() {
    return store;
  }

  @Override
  public URI platforms() {
    return platforms;
  }

  @Override
  public List<String> said() {
    return launchers.stream().flatMap(launcher -> launcher.output().stream()).toList();
  }

  @Override
  public void close() {
    try {
      for (UpProcess launcher : launchers) {
        int _ = launcher.stop();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      launchers.forEach(UpProcess::close);
      try {
        store.close();
      } catch (UncheckedIOException e) {
        // It has ended by itself.
      }
      network.close();
    }
  }

  /**
   * Starts a host's launcher anew, whose node was taken out of the grid.
   *
   * @throws IllegalStateException when the one before did not end as one whose work is over
   */
  public void startAgain(int host) throws IOException, InterruptedException {
    int code = launchers.get(host).awaitEnd();
    if (code != 0) {
      throw new IllegalStateException("the launcher of a drained node ended with " + code);
    }
    launchers.set(host, launch(host));
    UpProcess _ = launchers.get(host).awaitReady();
  }

  /** The first host makes the keys; the others get a copy, as an operator would give them. */
  private UpProcess launch(int host) throws IOException, InterruptedException {
    Path data = Files.createDirectories(launch.work().resolve("host-" + host));
    Path credentials = data.resolve("credentials.key");
    if (host > 0 && !Files.exists(credentials)) {
      Files.copy(launch.work().resolve("host-0/credentials.key"), credentials);
    }
    Map<String, String> variables = new HashMap<>(launch.environment());
    variables.put(
        "PULSEGRID_STORE_URL", store.url().replace("//127.0.0.1:", "//" + network.gateway() + ":"));
    variables.put("SERVER_ADDRESS", network.address(host));
    variables.put("PULSEGRID_GRID_HOST", network.address(host));
    variables.putAll(Certificate.in(launch.work()).environment());
    variables.put("PULSEGRID_GRID_DISCOVERYPORT", String.valueOf(DISCOVERY));
    variables.put("PULSEGRID_GRID_COMMUNICATIONPORT", String.valueOf(COMMUNICATION));
    variables.put(
        "PULSEGRID_GRID_ADDRESSES",
        IntStream.range(0, launch.nodes())
            .mapToObj(other -> network.address(other) + ":" + DISCOVERY)
            .collect(Collectors.joining(",")));
    return UpProcess.up(
        new Order(
            data,
            HTTP,
            List.of("--config", launch.settings().toString()),
            variables,
            network.on(host)));
  }

  /** A Postgres that listens on the bridge as well; its own settings let a person add that. */
  private static Store reachable(Path data, Network network) throws IOException {
    Store store = Store.start(data);
    store.stop();
    Path directory = data.resolve("postgres");
    Files.writeString(
        directory.resolve("postgresql.conf"),
        "listen_addresses = '127.0.0.1,%s'\n".formatted(network.gateway()),
        StandardOpenOption.APPEND);
    Files.writeString(
        directory.resolve("pg_hba.conf"),
        "host all all %s scram-sha-256\n".formatted(network.range()),
        StandardOpenOption.APPEND);
    store.startAgain();
    return store;
  }
}
