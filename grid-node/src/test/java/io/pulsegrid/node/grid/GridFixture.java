package io.pulsegrid.node.grid;

import static org.awaitility.Awaitility.await;

import io.pulsegrid.node.config.GridSettings;
import io.pulsegrid.node.config.KubernetesSettings;
import io.pulsegrid.node.grid.wire.Stamp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.ignite.Ignite;
import org.apache.ignite.Ignition;
import org.apache.ignite.configuration.IgniteConfiguration;

/** A real grid of Ignite nodes on free loopback ports, in this JVM; ends with {@link #close()}. */
public final class GridFixture implements AutoCloseable {
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final AtomicLong STARTS = new AtomicLong();
  private static final int REGION_MB = 128;

  private final List<Ignite> nodes = new ArrayList<>();
  private final List<Membership> asked = new ArrayList<>();
  private final int number = COUNT.incrementAndGet();
  private final List<Integer> ports;
  private final int regionMb;
  private final List<String> departures = new CopyOnWriteArrayList<>();
  private final RememberedSize size = new RememberedSize();

  private GridFixture(int most, int regionMb) {
    ports = freePorts(2 * most);
    this.regionMb = regionMb;
  }

  /** Starts {@code size} nodes that have found each other. */
  public static GridFixture of(int size) {
    return of(size, REGION_MB);
  }

  /** Starts {@code size} nodes, each with so much memory for its data. */
  public static GridFixture of(int size, int regionMb) {
    return of(Collections.nCopies(size, Map.of()), regionMb);
  }

  /** Starts nodes of which each says these of itself besides. */
  public static GridFixture of(List<Map<String, String>> attributes) {
    return of(attributes, REGION_MB);
  }

  private static GridFixture of(List<Map<String, String>> attributes, int regionMb) {
    GridFixture grid = new GridFixture(attributes.size() + 1, regionMb);
    attributes.forEach(grid::start);
    grid.awaitBaseline();
    return grid;
  }

  /** No nodes yet, room for {@code most}. */
  public static GridFixture roomFor(int most) {
    return new GridFixture(most, REGION_MB);
  }

  /** Starts one node more, for which a grid of a given size has room. */
  public Ignite add() {
    return start(Map.of());
  }

  /** Stops a node at once, as if it had died. */
  public void kill(Ignite node) {
    Ignition.stop(node.name(), true);
  }

  /** Starts one node more. */
  Ignite start(Map<String, String> more) {
    return start(more, _ -> {});
  }

  /**
   * Starts one node more, with something else than usual.
   *
   * @param change is made to its configuration
   */
  public Ignite start(Map<String, String> more, Consumer<IgniteConfiguration> change) {
    Map<String, Object> attributes = new HashMap<>(more);
    attributes.put(Stamp.WRITER_ATTRIBUTE, STARTS.incrementAndGet());
    int index = nodes.size();
    Membership membership = new Membership(new Unheld(size), "a node");
    int most = ports.size() / 2;
    List<String> addresses =
        ports.subList(0, most).stream().map(port -> "127.0.0.1:" + port).toList();
    IgniteConfiguration configuration =
        GridConfiguration.of(
            settings(
                "test-" + number, ports.get(index), ports.get(most + index), addresses, regionMb),
            "test-" + number + "-" + index,
            directory(),
            attributes,
            new GridPlugin(membership, attributes),
            new Departure(
                Thread.ofPlatform().daemon().factory(),
                code -> departures.add("node " + index + " left with " + code)),
            "localhost");
    change.accept(configuration);
    Ignite node = Ignition.start(configuration);
    GridConfiguration.afterStart(node);
    nodes.add(node);
    asked.add(membership);
    return node;
  }

  /** A node owns nothing until the baseline has taken it in. */
  void awaitBaseline() {
    await()
        .until(
            () ->
                nodes.stream()
                    .allMatch(
                        node -> node.cluster().currentBaselineTopology().size() == nodes.size()));
  }

  /** Stops one node at once, as if it had died. */
  public void stop(int index) {
    Ignition.stop(nodes.get(index).name(), true);
  }

  /** The nodes that gave up, and their codes. */
  public List<String> departures() {
    return List.copyOf(departures);
  }

  /** The size, which any node holds alone: the nodes here ask for it once, and never again. */
  private record Unheld(ExpectedSize size) implements ExpectedSize {
    @Override
    public Size read() {
      return size.read();
    }

    @Override
    public boolean change(Size known, int nodes) {
      return size.change(known, nodes);
    }

    @Override
    public Optional<String> hold(String node, Collection<String> here) {
      return Optional.empty();
    }
  }

  /** Whom Ignite itself asks on a node, who reads the size at its start and on demand. */
  Membership asked(int index) {
    return asked.get(index);
  }

  /** What a node knows of the size. */
  Membership membership(int index) {
    return membership(index, size);
  }

  /** What a node knows of a size that others keep. */
  Membership membership(int index, ExpectedSize store) {
    return new Membership(store, nodes.get(index).cluster().localNode().consistentId().toString());
  }

  /** The expected size that all nodes share. */
  RememberedSize size() {
    return size;
  }

  /** Settings of a node on loopback. */
  public static GridSettings settings(
      String name, int discoveryPort, int communicationPort, List<String> addresses) {
    return settings(name, discoveryPort, communicationPort, addresses, REGION_MB);
  }

  private static GridSettings settings(
      String name, int discoveryPort, int communicationPort, List<String> addresses, int regionMb) {
    return new GridSettings(
        name,
        "127.0.0.1",
        discoveryPort,
        communicationPort,
        GridSettings.Discovery.STATIC,
        addresses,
        new KubernetesSettings("default", "pulsegrid", "https://localhost", "token"),
        Duration.ofSeconds(5),
        1,
        regionMb,
        Duration.ofDays(30));
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
  public static List<Integer> freePorts(int count) {
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
