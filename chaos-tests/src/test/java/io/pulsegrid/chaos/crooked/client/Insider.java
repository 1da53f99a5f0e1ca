package io.pulsegrid.chaos.crooked.client;

import io.pulsegrid.chaos.crooked.core.Leaky;

/** An SDK that takes the grid's own domain along. */
public interface Insider {
  Leaky domain();
}
