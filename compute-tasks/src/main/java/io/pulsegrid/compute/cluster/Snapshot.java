package io.pulsegrid.compute.cluster;

import io.pulsegrid.core.trend.Trend;
import io.pulsegrid.core.trend.TrendId;
import java.util.List;

/**
 * A trend as it stands, and what it takes to go on with it.
 *
 * @param state opaque; empty once the trend has retired from the active set: keep the trend, there
 *     is nothing to restore
 * @param aliases the trends merged into this one, oldest first: their own snapshots are void. As
 *     drained, those since it was last drained; to restore it takes all of them
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
public record Snapshot(Trend trend, byte[] state, List<TrendId> aliases) {
  public Snapshot {
    aliases = List.copyOf(aliases);
  }

  /** Whether the trend has retired: nothing will join it any more. */
  public boolean retired() {
    return state.length == 0;
  }
}
