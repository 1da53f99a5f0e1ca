package io.pulsegrid.chaos.crooked.compute;

import io.pulsegrid.chaos.crooked.connectors.Nosy;

/** Computing that knows a connector. */
public interface Curious {
  Nosy connector();
}
