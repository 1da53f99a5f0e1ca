package io.pulsegrid.node.wiring;

import io.pulsegrid.node.collect.ClockWatch;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;

/**
 * Visits from the moment the node can take posts until it begins to stop. Those in progress then
 * are called off while grid and store are still there, and made again elsewhere or after the start.
 */
final class VisitsSwitch {
  private static final Duration CLOCK_WATCH_EVERY = Duration.ofSeconds(5);

  private final ClockWatch watch;
  private final ExecutorService collecting;
  private final ScheduledExecutorService timer;

  VisitsSwitch(ClockWatch watch, ExecutorService collecting, ScheduledExecutorService timer) {
    this.watch = watch;
    this.collecting = collecting;
    this.timer = timer;
  }

  /** The watch starts Quartz as soon as the clocks agree, and keeps an eye on them. */
  @EventListener(ApplicationReadyEvent.class)
  void start() {
    Future<?> _ =
        timer.scheduleWithFixedDelay(watch, 0, CLOCK_WATCH_EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }

  @EventListener(ContextClosedEvent.class)
  void stop() {
    timer.shutdownNow();
    watch.stop();
    collecting.shutdownNow();
  }
}
