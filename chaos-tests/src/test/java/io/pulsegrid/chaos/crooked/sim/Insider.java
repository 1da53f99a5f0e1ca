package io.pulsegrid.chaos.crooked.sim;

import io.pulsegrid.chaos.crooked.core.Leaky;

/** A stand-in that knows whom it stands before. */
public interface Insider {
  Leaky domain();
}
