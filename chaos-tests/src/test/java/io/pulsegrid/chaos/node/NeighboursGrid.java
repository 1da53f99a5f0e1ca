package io.pulsegrid.chaos.node;

import io.pulsegrid.chaos.node.UpProcess.Order;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Nodes of this machine, each with a launcher, a data directory and ports of its own, as on hosts
 * of their own; all share a Postgres. Others can come and go.
 */
public final class NeighboursGrid implements Grid {
  /** So many launchers can be started over all, strangers included. */
  private static final int ROOM = 6;

  private static final String CREDENTIAL_KEY = "credentials.key";
  private static final int CREDENTIAL_KEY_BYTES = 32;

  private final int size;
  private final Path work;
  private final Path settings;
  private final URI platforms;
  private final Store store;
  private final int firstPort = Ports.freeRow(3 * ROOM);
  private final List<UpProcess> launchers = new ArrayList<>();
  private String key = "";

  /**
   * How a launcher ended by itself.
   *
   * @param lines what it had printed
   */
  public record Ended(int code, List<String> lines) {}

  private NeighboursGrid(int size, Path work, Path settings, URI platforms, Store store) {
    this.size = size;
    this.work = work;
    this.settings = settings;
    this.platforms = platforms;
    this.store = store;
  }

  /** Starts all nodes at the same instant, on a store that no node has used, and awaits them. */
  public static NeighboursGrid start(int nodes, Path work, URI platforms)
      throws IOException, InterruptedException {
    Path settings = Settings.write(Files.createDirectories(work));
    Store store = Store.start(Files.createDirectories(work.resolve("store")));
    NeighboursGrid grid = new NeighboursGrid(nodes, work, settings, platforms, store);
    try {
      for (int index = 0; index < nodes; index++) {
        UpProcess _ = grid.launch(true, true);
      }
      for (UpProcess launcher : grid.launchers) {
        UpProcess _ = launcher.awaitReady();
      }
      grid.key = grid.adminKey();
      return grid;
    } catch (IOException | InterruptedException | RuntimeException | Error e) {
      grid.close();
      throw e;
    }
  }

  /** Starts one node more and waits until it is ready; returns its index. */
  public int join() throws IOException, InterruptedException {
    UpProcess _ = launch(true, true).awaitReady();
    return launchers.size() - 1;
  }

  /** Starts a node on a store of its own, which has this grid among its addresses. */
  public Ended startOnAnotherStore() throws IOException, InterruptedException {
    return awaitEnd(launch(false, false));
  }

  /** Starts a node on the same store with another credential key. */
  public Ended startWithAnotherKey() throws IOException, InterruptedException {
    return awaitEnd(launch(true, false));
  }

  /** Waits until the launcher of a node ends by itself. */
  public Ended awaitEnd(int index) throws InterruptedException {
    return awaitEnd(launchers.get(index));
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public URI url(int index) {
    return URI.create("http://127.0.0.1:" + (firstPort + index));
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
        .orElseThrow(() -> new IOException("launcher " + index + " runs no node"));
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

  /** By force: what a clean stop does is another test's matter. */
  @Override
  public void close() {
    launchers.forEach(UpProcess::close);
    try {
      store.close();
    } catch (UncheckedIOException e) {
      // It has ended by itself.
    }
  }

  private UpProcess launch(boolean sameStore, boolean sameKey) throws IOException {
    int index = launchers.size();
    Path data = Files.createDirectories(work.resolve("neighbour-" + index));
    Files.writeString(data.resolve(CREDENTIAL_KEY), credentialKey(sameKey ? 1 : 2));
    Map<String, String> variables = new HashMap<>();
    if (sameStore) {
      variables.put("PULSEGRID_STORE_URL", store.url());
    }
    variables.put("PULSEGRID_GRID_DISCOVERYPORT", String.valueOf(discovery(index)));
    variables.put("PULSEGRID_GRID_COMMUNICATIONPORT", String.valueOf(discovery(index) + ROOM));
    variables.put(
        "PULSEGRID_GRID_ADDRESSES",
        IntStream.range(0, ROOM)
            .mapToObj(other -> "127.0.0.1:" + discovery(other))
            .collect(Collectors.joining(",")));
    variables.put("PULSEGRID_JAVA_OPTIONS", "-Xmx512m");
    // The class path of a test has another form of the log first, in which no launcher finds the
    // line.
    variables.put("LOGGING_CONFIG", "classpath:logback-spring.xml");
    UpProcess launcher =
        UpProcess.up(
            new Order(
                data,
                firstPort + index,
                List.of("--config", settings.toString()),
                variables,
                List.of()));
    launchers.add(launcher);
    return launcher;
  }

  private int discovery(int index) {
    return firstPort + ROOM + index;
  }

  private static Ended awaitEnd(UpProcess launcher) throws InterruptedException {
    int code = launcher.awaitEnd();
    return new Ended(code, launcher.output());
  }

  private static String credentialKey(int of) {
    byte[] bytes = new byte[CREDENTIAL_KEY_BYTES];
    Arrays.fill(bytes, (byte) of);
    return Base64.getEncoder().encodeToString(bytes);
  }

  /** Written by the node that came first, whichever it was. */
  private String adminKey() throws IOException {
    for (UpProcess launcher : launchers) {
      if (Files.exists(launcher.adminKey())) {
        return Files.readString(launcher.adminKey()).strip();
      }
    }
    throw new IllegalStateException("no node has left an admin.key");
  }
}
