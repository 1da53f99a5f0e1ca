package io.pulsegrid.node.listen;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a {@link StageWork} on a thread until closed, resting when there is nothing to do. */
public final class StageRunner implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(StageRunner.class);
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);
  private static final Duration SLOW = Duration.ofSeconds(5);
  private static final Duration STOP = Duration.ofSeconds(30);

  private final StageWork stage;
  private final Duration rest;
  private final Timer batches;
  private final MeterRegistry meters;
  private final Thread thread;
  private final CountDownLatch closed = new CountDownLatch(1);

  /**
   * A runner that has started.
   *
   * @param rest how long to wait before looking again after there was nothing to do
   */
  public StageRunner(StageWork stage, Duration rest, ThreadFactory threads, MeterRegistry meters) {
    this.stage = stage;
    this.rest = rest;
    this.meters = meters;
    batches = meters.timer("pulsegrid.stage.batch", "stage", stage.name());
    thread = threads.newThread(this::run);
    thread.setName("stage-" + stage.name());
    thread.start();
  }

  private void run() {
    boolean failing = false;
    while (closed.getCount() > 0) {
      try {
        long start = System.nanoTime();
        boolean more = stage.work();
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        batches.record(took);
        if (took.compareTo(SLOW) > 0) {
          log.warn("stage {} took {} ms for one batch", stage.name(), took.toMillis());
        }
        if (failing) {
          log.info("stage {} works again", stage.name());
          failing = false;
        }
        if (!more) {
          rest(rest);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (Throwable e) { // the thread's outermost loop: work waits in its queue, unharmed
        if (closed.getCount() == 0) {
          return;
        }
        meters.counter("pulsegrid.stage.failures", "stage", stage.name()).increment();
        if (!failing) {
          log.warn("stage {} failed and tries again every second", stage.name(), e);
          failing = true;
        }
        try {
          rest(AFTER_FAILURE);
        } catch (InterruptedException interrupted) {
          Thread.currentThread().interrupt();
          return;
        }
      }
    }
  }

  private void rest(Duration time) throws InterruptedException {
    boolean _ = closed.await(time.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Stops after the batch in hand. */
  public void stop() {
    closed.countDown();
  }

  /** Stops after the batch in hand, and waits for it. */
  @Override
  public void close() {
    stop();
    try {
      if (!thread.join(STOP)) {
        log.warn("stage {} did not end within {} s", stage.name(), STOP.toSeconds());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
