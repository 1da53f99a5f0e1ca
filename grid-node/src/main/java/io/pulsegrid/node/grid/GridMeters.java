package io.pulsegrid.node.grid;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.function.ToDoubleFunction;
import org.apache.ignite.Ignite;
import org.apache.ignite.spi.communication.tcp.TcpCommunicationSpi;

/** What a node says to the other nodes, and how much it holds, as an operator sees it. */
public final class GridMeters implements MeterBinder {
  private final Ignite ignite;

  public GridMeters(Ignite ignite) {
    this.ignite = ignite;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    if (ignite.configuration().getCommunicationSpi() instanceof TcpCommunicationSpi wire) {
      counter(
          registry,
          "pulsegrid.grid.sent.messages",
          "Messages sent to other nodes, discovery's own aside",
          wire,
          TcpCommunicationSpi::getSentMessagesCount);
      counter(
          registry,
          "pulsegrid.grid.sent.bytes",
          "Bytes sent to other nodes, discovery's own aside",
          wire,
          TcpCommunicationSpi::getSentBytesCount);
    }
    Gauge.builder("pulsegrid.node.gpu", ignite, GridMeters::embedsOnGpu)
        .description("1 where this node embeds on a GPU")
        .register(registry);
    DataRegion region = new DataRegion(ignite);
    Gauge.builder("pulsegrid.grid.memory.used", region, DataRegion::usedBytes)
        .description("Memory outside the heap that the data takes up")
        .baseUnit("bytes")
        .strongReference(true)
        .register(registry);
    Gauge.builder("pulsegrid.grid.memory.max", region, DataRegion::maxBytes)
        .description("Memory outside the heap that there is for the data")
        .baseUnit("bytes")
        .strongReference(true)
        .register(registry);
  }

  private static double embedsOnGpu(Ignite ignite) {
    Object told = ignite.cluster().localNode().attribute(GridConfiguration.GPU_ATTRIBUTE);
    return "true".equals(told) ? 1 : 0;
  }

  private static void counter(
      MeterRegistry registry,
      String name,
      String description,
      TcpCommunicationSpi wire,
      ToDoubleFunction<TcpCommunicationSpi> count) {
    FunctionCounter.builder(name, wire, count).description(description).register(registry);
  }
}
