package io.pulsegrid.chaos.load;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/** Something that is done again and again, by one thread. */
interface Activity {
  /**
   * Does it once; returns the pause until the next time.
   *
   * @param wanted turns false when nobody waits for it any more
   */
  Duration turn(AtomicBoolean wanted) throws InterruptedException;
}
