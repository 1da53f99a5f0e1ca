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
  private final List<UpProcess> launchers = new ArrayList<>();
  private String key = "";

  private HostsGrid(Network network, URI platforms, Store store) {
    this.network = network;
    this.platforms = platforms;
    this.store = store;
  }

  /** Starts a node on every host and waits until all are ready. */
  public static HostsGrid start(
      int nodes, Path work, int platformsPort, Map<String, String> environment)
      throws IOException, InterruptedException {
    Path settings = Settings.write(Files.createDirectories(work));
    Network network = Network.of(nodes);
    Store store;
    try {
      store = reachable(Files.createDirectories(work.resolve("store")), network);
    } catch (IOException | RuntimeException e) {
      network.close();
      throw e;
    }
    URI platforms = URI.create("http://" + network.gateway() + ":" + platformsPort);
    HostsGrid grid = new HostsGrid(network, platforms, store);
    try {
      for (int host = 0; host < nodes; host++) {
        grid.launch(host, nodes, work, settings, environment);
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

  /** The first host makes the keys; the others get a copy, as an operator would give them. */
  private void launch(
      int host, int nodes, Path work, Path settings, Map<String, String> environment)
      throws IOException, InterruptedException {
    Path data = Files.createDirectories(work.resolve("host-" + host));
    if (host > 0) {
      Files.copy(work.resolve("host-0/credentials.key"), data.resolve("credentials.key"));
    }
    Map<String, String> variables = new HashMap<>(environment);
    variables.put(
        "PULSEGRID_STORE_URL", store.url().replace("//127.0.0.1:", "//" + network.gateway() + ":"));
    variables.put("SERVER_ADDRESS", network.address(host));
    variables.put("PULSEGRID_GRID_HOST", network.address(host));
    variables.putAll(Certificate.in(work).environment());
    variables.put("PULSEGRID_GRID_DISCOVERYPORT", String.valueOf(DISCOVERY));
    variables.put("PULSEGRID_GRID_COMMUNICATIONPORT", String.valueOf(COMMUNICATION));
    variables.put(
        "PULSEGRID_GRID_ADDRESSES",
        IntStream.range(0, nodes)
            .mapToObj(other -> network.address(other) + ":" + DISCOVERY)
            .collect(Collectors.joining(",")));
    UpProcess launcher =
        UpProcess.up(
            new Order(
                data, HTTP, List.of("--config", settings.toString()), variables, network.on(host)));
    launchers.add(launcher);
    if (host == 0) {
      key = Files.readString(launcher.awaitReady().adminKey()).strip();
    }
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
