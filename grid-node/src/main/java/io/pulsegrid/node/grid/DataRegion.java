package io.pulsegrid.node.grid;

import org.apache.ignite.Ignite;
import org.apache.ignite.configuration.DataRegionConfiguration;

/** The memory that this node has for the grid's data; Ignite ends the node that runs out of it. */
public final class DataRegion {
  private final Ignite ignite;
  private final String name;
  private final long maxBytes;

  public DataRegion(Ignite ignite) {
    this.ignite = ignite;
    DataRegionConfiguration region =
        ignite.configuration().getDataStorageConfiguration().getDefaultDataRegionConfiguration();
    name = region.getName();
    maxBytes = region.getMaxSize();
  }

  /** How much there is. */
  public long maxBytes() {
    return maxBytes;
  }

  /** How much is taken up; pages that were emptied are free again. */
  // Ignite tells its newer metrics to exporters alone: this older way needs none.
  @SuppressWarnings("deprecation")
  public long usedBytes() {
    var region = ignite.dataRegionMetrics(name);
    return region == null ? 0 : region.getTotalUsedSize();
  }
}
