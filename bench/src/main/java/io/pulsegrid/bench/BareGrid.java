package io.pulsegrid.bench;

import io.pulsegrid.node.config.GridSettings;
import io.pulsegrid.node.config.KubernetesSettings;
import io.pulsegrid.node.grid.Departure;
import io.pulsegrid.node.grid.ExpectedSize;
import io.pulsegrid.node.grid.GridConfiguration;
import io.pulsegrid.node.grid.GridPlugin;
import io.pulsegrid.node.grid.Membership;
import io.pulsegrid.node.grid.wire.Stamp;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.ignite.configuration.IgniteConfiguration;

/**
 * A grid on loopback with the settings of a node's own, and nothing running on it.
 *
 * @param firstPort of two for each node, in a row
 */
record BareGrid(int nodes, int firstPort, int backups, int regionMb) {

  /** The configuration of one of its nodes. */
  IgniteConfiguration node(int index, Path folder) {
    List<String> addresses =
        IntStream.range(0, nodes).mapToObj(i -> "127.0.0.1:" + (firstPort + i)).toList();
    GridSettings settings =
        new GridSettings(
            "bench",
            "127.0.0.1",
            firstPort + index,
            firstPort + nodes + index,
            GridSettings.Discovery.STATIC,
            addresses,
            new KubernetesSettings("none", "none", "https://none", "none"),
            Duration.ofSeconds(10),
            backups,
            regionMb,
            Duration.ofDays(30));
    Map<String, ?> attributes = Map.of(Stamp.WRITER_ATTRIBUTE, index + 1L);
    return GridConfiguration.of(
        settings,
        "bench-" + index,
        folder.resolve("grid-" + index),
        attributes,
        new GridPlugin(new Membership(new Fixed(nodes), "bench-" + index), attributes),
        new Departure(Thread.ofPlatform().daemon().factory(), _ -> {}),
        "localhost");
  }

  /** A grid whose size nobody changes. */
  private record Fixed(int nodes) implements ExpectedSize {
    @Override
    public Size read() {
      return new Size(nodes, nodes);
    }

    @Override
    public boolean change(Size known, int nodes) {
      return false;
    }

    @Override
    public Optional<String> hold(String node, Collection<String> here) {
      return Optional.empty();
    }
  }
}
