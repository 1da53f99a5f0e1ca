package io.pulsegrid.chaos.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Nodes of one launcher on this machine: {@code up --nodes N}, its Postgres started before it. */
public final class LocalGrid implements Grid {
  private static final Duration ASKING = Duration.ofSeconds(3);

  private final int size;
  private final int firstPort;
  private final int firstForPrograms;
  private final URI platforms;
  private final Store store;
  private final UpProcess launcher;
  private final String key;

  private LocalGrid(
      int firstPort,
      int firstForPrograms,
      URI platforms,
      Store store,
      UpProcess launcher,
      Told told) {
    this.size = told.size();
    this.firstPort = firstPort;
    this.firstForPrograms = firstForPrograms;
    this.platforms = platforms;
    this.store = store;
    this.launcher = launcher;
    this.key = told.key();
  }

  private record Told(int size, String key) {}

  /** Starts the nodes, under the narrow limits, and waits until all are ready. */
  public static LocalGrid start(
      int nodes, Path work, URI platforms, Map<String, String> environment)
      throws IOException, InterruptedException {
    return start(nodes, work, platforms, environment, Allowed.NARROW);
  }

  /**
   * The same under other limits.
   *
   * @param work where settings are written; the data directory is {@code data} below it
   * @param environment what the launcher and its nodes find in theirs besides
   */
  public static LocalGrid start(
      int nodes, Path work, URI platforms, Map<String, String> environment, Allowed allowed)
      throws IOException, InterruptedException {
    Path data = Files.createDirectories(work.resolve("data"));
    Path settings = Settings.write(work, allowed);
    int firstPort = Ports.freeRow(nodes);
    int firstForPrograms = Ports.freeRow(nodes);
    Map<String, String> whole = new HashMap<>(environment);
    whole.put("PULSEGRID_CLIENT_PORT", String.valueOf(firstForPrograms));
    Store store = Store.start(data);
    UpProcess launcher = null;
    try {
      launcher =
          UpProcess.up(
              new UpProcess.Order(
                  data,
                  firstPort,
                  List.of("--nodes", String.valueOf(nodes), "--config", settings.toString()),
                  whole,
                  List.of()));
      String key = Files.readString(launcher.awaitReady().adminKey()).strip();
      return new LocalGrid(
          firstPort, firstForPrograms, platforms, store, launcher, new Told(nodes, key));
    } catch (IOException | InterruptedException | RuntimeException | Error e) {
      if (launcher != null) {
        launcher.close();
      }
      store.close();
      throw e;
    }
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public URI url(int index) {
    return URI.create("http://127.0.0.1:" + (firstPort + index));
  }

  /** Where programs reach a node. */
  public String programs(int index) {
    return "127.0.0.1:" + (firstForPrograms + index);
  }

  /** The administrator's key. */
  public String key() {
    return key;
  }

  @Override
  public Rest rest(int index) {
    return new Rest(url(index), key);
  }

  @Override
  public long pid(int index) throws IOException, InterruptedException {
    String port = ":" + (firstPort + index);
    for (int asked = 0; asked < size; asked++) {
      try {
        Answer nodes = rest((index + asked) % size).waiting(ASKING).get("/nodes");
        for (JsonNode node : nodes.body().path("items")) {
          long pid = node.path("pid").longValue();
          if (node.path("http").asString("").endsWith(port) && isAlive(pid)) {
            return pid;
          }
        }
      } catch (IOException e) {
        // The next one is asked.
      }
    }
    throw new IOException("no node names the process of node " + index);
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
    return new ArrayList<>(launcher.output());
  }

  /** Ctrl-C, and by force whatever is left after it. */
  @Override
  public void close() {
    try {
      int _ = launcher.stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      launcher.close();
      try {
        store.close();
      } catch (UncheckedIOException e) {
        // The launcher has stopped it, or the sweep has ended it.
      }
    }
  }

  private static boolean isAlive(long pid) {
    return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
  }
}
