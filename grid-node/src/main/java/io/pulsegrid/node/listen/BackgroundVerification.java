package io.pulsegrid.node.listen;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.pulsegrid.core.grid.Verification;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.apache.ignite.Ignite;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The verification that nobody asked for: now and then, on the oldest node, with repair. Repairing
 * is safe at any time, since every write is guarded by revisions; that there was something to
 * repair is worth knowing.
 */
public final class BackgroundVerification implements StageWork {
  private static final Logger log = LoggerFactory.getLogger(BackgroundVerification.class);

  private final Ignite ignite;
  private final Verification verification;

  /**
   * Turns in a row that it leaves out while the grid works: it would read everything again and
   * again.
   */
  private static final int MOST_LEFT_OUT = 11;

  private final BooleanSupplier whole;
  private final BooleanSupplier busy;
  private final Counter repaired;
  private final AtomicLong differences = new AtomicLong();
  private boolean begun;
  private int leftOut;

  /**
   * A verification in the background.
   *
   * @param whole whether the grid has all that Postgres has; there is nothing to compare before
   * @param busy whether posts come in as fast as they are worked on
   */
  public BackgroundVerification(
      Ignite ignite,
      Verification verification,
      BooleanSupplier whole,
      BooleanSupplier busy,
      MeterRegistry meters) {
    this.ignite = ignite;
    this.verification = verification;
    this.whole = whole;
    this.busy = busy;
    meters.gauge("pulsegrid.verify.differences", differences);
    repaired = meters.counter("pulsegrid.verify.repaired");
  }

  @Override
  public String name() {
    return "verify";
  }

  @Override
  public boolean work() {
    if (!begun) {
      // A node that has just started has better things to do; the first rest comes first.
      begun = true;
      return false;
    }
    if (!ignite.cluster().forServers().forOldest().node().isLocal() || !whole.getAsBoolean()) {
      differences.set(0);
      return false;
    }
    if (busy.getAsBoolean() && leftOut < MOST_LEFT_OUT) {
      leftOut++;
      return false;
    }
    leftOut = 0;
    Verification.Report report = verification.run(true);
    differences.set(report.differing());
    repaired.increment((double) report.repaired());
    if (!report.clean() && report.differing() == 0) {
      log.info("Grid, store and index are compared again later: {}", report.differences());
    } else if (!report.clean()) {
      log.warn(
          "grid, store and index differed in {} places; {} were mended, such as {}",
          report.differing(),
          report.repaired(),
          report.differences().stream().limit(5).toList());
    }
    return false;
  }
}
