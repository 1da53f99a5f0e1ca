package io.pulsegrid.node.grid;

import static org.awaitility.Awaitility.await;

import io.pulsegrid.node.config.GridSettings;
import io.pulsegrid.node.grid.wire.Stamp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ignite.Ignite;
import org.apache.ignite.Ignition;

/** A real grid of Ignite nodes on free loopback ports, in this JVM; ends with {@link #close()}. */
public final class GridFixture implements AutoCloseable {
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final AtomicLong STARTS = new AtomicLong();

  private final List<Ignite> nodes = new ArrayList<>();

  /** Starts {@code size} nodes that have found each other. */
  public static GridFixture of(int size) {
    GridFixture grid = new GridFixture();
    int number = COUNT.incrementAndGet();
    List<Integer> ports = freePorts(2 * size);
    List<String> addresses =
        ports.subList(0, size).stream().map(port -> "127.0.0.1:" + port).toList();
    for (int i = 0; i < size; i++) {
      GridSettings settings =
          new GridSettings(
              "test-" + number,
              "127.0.0.1",
              ports.get(i),
              ports.get(size + i),
              addresses,
              1,
              128,
              Duration.ofDays(30));
      Ignite node =
          Ignition.start(
              GridConfiguration.of(
                  settings,
                  "test-" + number + "-" + i,
                  directory(),
                  Map.of(Stamp.WRITER_ATTRIBUTE, STARTS.incrementAndGet()),
                  code -> {}));
      GridConfiguration.afterStart(node);
      grid.nodes.add(node);
    }
    // A node owns nothing until the baseline has taken it in.
    await()
        .until(
            () ->
                grid.nodes.stream()
                    .allMatch(node -> node.cluster().currentBaselineTopology().size() == size));
    return grid;
  }

  public Ignite node(int index) {
    return nodes.get(index);
  }

  @Override
  public void close() {
    nodes.reversed().forEach(node -> Ignition.stop(node.name(), true));
  }

  private static Path directory() {
    try {
      return Files.createTempDirectory(Files.createDirectories(Path.of("target/grids")), "node");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ports below those that systems hand out for outgoing connections, so that none is taken. */
  private static List<Integer> freePorts(int count) {
    List<Integer> ports = new ArrayList<>();
    while (ports.size() < count) {
      int port = ThreadLocalRandom.current().nextInt(15_000, 30_000);
      if (!ports.contains(port) && isFree(port)) {
        ports.add(port);
      }
    }
    return ports;
  }

  private static boolean isFree(int port) {
    try (ServerSocket _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return true;
    } catch (IOException taken) {
      return false;
    }
  }
}
