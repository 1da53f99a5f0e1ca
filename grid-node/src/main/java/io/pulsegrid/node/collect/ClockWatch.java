package io.pulsegrid.node.collect;

import java.time.Duration;
import java.util.function.Supplier;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps Quartz standing by while this machine's clock is off: Quartz reads no other, and a node
 * whose clock is ahead would fire everybody's triggers early. Run it every few seconds.
 */
public final class ClockWatch implements Runnable {
  /** How far this machine's clock may be from the store's. */
  public static final Duration TOLERATED = Duration.ofMillis(500);

  private static final Logger log = LoggerFactory.getLogger(ClockWatch.class);

  private final Scheduler scheduler;
  private final Supplier<Duration> offset;

  /** Whether the log says that sources wait; looks follow one another. */
  private volatile boolean told;

  /**
   * @param offset how far the store's clock is from this machine's
   */
  public ClockWatch(Scheduler scheduler, Supplier<Duration> offset) {
    this.scheduler = scheduler;
    this.offset = offset;
  }

  @Override
  public void run() {
    try {
      Duration off = offset.get().abs();
      boolean standing = scheduler.isInStandbyMode();
      if (off.compareTo(TOLERATED) > 0) {
        if (!told) {
          log.warn(
              "This machine's clock is {} off the store's; sources wait until it is set right",
              off);
          told = true;
        }
        if (!standing) {
          scheduler.standby();
        }
      } else if (standing && !scheduler.isShutdown()) {
        if (told) {
          log.info("This machine's clock agrees with the store's again; sources are visited");
          told = false;
        }
        scheduler.start();
      }
    } catch (SchedulerException | RuntimeException e) {
      // Thrown on, it would end the watch for good.
      log.warn("Quartz could not be told about the clock; the next look follows", e);
    }
  }

  /** Fires nothing any more; what runs goes on. */
  public void stop() {
    try {
      scheduler.standby();
    } catch (SchedulerException e) {
      log.warn("Quartz would not stand by; it stops with the node", e);
    }
  }
}
