package io.pulsegrid.node.wiring;

import io.pulsegrid.node.collect.ClockWatch;
import io.pulsegrid.node.store.sources.StoreTimedDelegate;
import java.time.InstantSource;

/** As Quartz makes it, from its name alone. */
public final class QuartzDelegate extends StoreTimedDelegate {
  public QuartzDelegate() {
    super(InstantSource.system(), ClockWatch.TOLERATED);
  }
}
