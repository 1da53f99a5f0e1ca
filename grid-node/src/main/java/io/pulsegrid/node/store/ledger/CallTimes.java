package io.pulsegrid.node.store.ledger;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * How long a call to each platform may take.
 *
 * @param otherwise to a platform that nothing is said of
 */
public record CallTimes(Map<String, Duration> byPlatform, Duration otherwise) {
  public CallTimes {
    byPlatform = Map.copyOf(byPlatform);
  }

  /** The platforms' names and times in milliseconds, side by side. */
  Columns<Map.Entry<String, Duration>> columns() {
    return Columns.of(List.copyOf(byPlatform.entrySet()))
        .text(Map.Entry::getKey)
        .number(entry -> entry.getValue().toMillis());
  }
}
