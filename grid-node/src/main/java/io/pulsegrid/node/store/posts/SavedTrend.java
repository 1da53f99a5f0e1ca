package io.pulsegrid.node.store.posts;

import io.pulsegrid.core.trend.Trend;
import io.pulsegrid.core.trend.TrendId;
import java.util.List;

/** A trend as it is stored: its view, and what the clusterer needs to go on with it. */
public final class SavedTrend {
  private final Trend trend;
  private final byte[] working;
  private final List<TrendId> aliases;

  public SavedTrend(Trend trend, byte[] working, List<TrendId> aliases) {
    this.trend = trend;
    this.working = working.clone();
    this.aliases = List.copyOf(aliases);
  }

  public Trend trend() {
    return trend;
  }

  public byte[] working() {
    return working.clone();
  }

  /**
   * The ids of trends that were merged into this one: as loaded all of them, to be saved those
   * since it last was.
   */
  public List<TrendId> aliases() {
    return aliases;
  }
}
