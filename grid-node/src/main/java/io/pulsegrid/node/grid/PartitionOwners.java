package io.pulsegrid.node.grid;

import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.apache.ignite.Ignite;
import org.apache.ignite.spi.IgniteSpiAdapter;
import org.apache.ignite.spi.IgniteSpiMultipleInstancesSupport;
import org.apache.ignite.spi.systemview.ReadOnlySystemViewRegistry;
import org.apache.ignite.spi.systemview.SystemViewExporterSpi;
import org.apache.ignite.spi.systemview.view.PartitionStateView;
import org.apache.ignite.spi.systemview.view.SystemView;
import org.jspecify.annotations.Nullable;

/**
 * Who owns which partition, as this node knows it. Ignite's own view of it, taken the way exporters
 * get theirs: by SQL, where it stands too, every program with a key could read all the others.
 */
@IgniteSpiMultipleInstancesSupport(true)
final class PartitionOwners extends IgniteSpiAdapter implements SystemViewExporterSpi {
  private static final String VIEW = "partitionStates";
  private static final String OWNING = "OWNING";

  private volatile @Nullable ReadOnlySystemViewRegistry views;

  /** That of a node which was configured by {@link GridConfiguration}. */
  static PartitionOwners of(Ignite ignite) {
    for (SystemViewExporterSpi exporter : ignite.configuration().getSystemViewExporterSpi()) {
      if (exporter instanceof PartitionOwners owners) {
        return owners;
      }
    }
    throw new IllegalStateException("this node was started without " + PartitionOwners.class);
  }

  /**
   * Hands over every owner of every partition.
   *
   * @param seen is given the partition, its cache group in the upper half, and its owner
   */
  void forEach(BiConsumer<Long, UUID> seen) {
    ReadOnlySystemViewRegistry all = views;
    if (all == null) {
      throw new IllegalStateException("the node has not started");
    }
    for (SystemView<?> view : all) {
      if (view.name().equals(VIEW)) {
        for (Object row : view) {
          if (row instanceof PartitionStateView state && state.state().equals(OWNING)) {
            seen.accept(((long) state.cacheGroupId() << 32) | state.partitionId(), state.nodeId());
          }
        }
        return;
      }
    }
    throw new IllegalStateException("Ignite has no view " + VIEW);
  }

  @Override
  public void setSystemViewRegistry(ReadOnlySystemViewRegistry registry) {
    views = registry;
  }

  @Override
  public void setExportFilter(Predicate<SystemView<?>> filter) {}

  @Override
  public void spiStart(@Nullable String instance) {}

  @Override
  public void spiStop() {}
}
