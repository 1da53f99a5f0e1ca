package io.pulsegrid.node.grid;

import org.apache.ignite.Ignite;
import org.apache.ignite.configuration.DataRegionConfiguration;
import org.apache.ignite.configuration.DataStorageConfiguration;
import org.apache.ignite.spi.metric.LongMetric;
import org.apache.ignite.spi.metric.ReadOnlyMetricRegistry;

/** The memory that this node has for the grid's data; Ignite ends the node that runs out of it. */
public final class DataRegion {
  private final Ignite ignite;
  private final String registry;
  private final double maxBytes;

  public DataRegion(Ignite ignite) {
    this.ignite = ignite;
    DataRegionConfiguration region =
        ignite.configuration().getDataStorageConfiguration().getDefaultDataRegionConfiguration();
    registry = "io.dataregion." + region.getName();
    maxBytes = region.getMaxSize();
  }

  /** The share that is in use; pages that were emptied are free again. */
  public double used() {
    for (ReadOnlyMetricRegistry metrics : ignite.metrics()) {
      if (metrics.name().equals(registry)
          && metrics.findMetric("TotalUsedPages") instanceof LongMetric pages) {
        return pages.value() * (double) DataStorageConfiguration.DFLT_PAGE_SIZE / maxBytes;
      }
    }
    throw new IllegalStateException("Ignite has no metrics of " + registry);
  }
}
