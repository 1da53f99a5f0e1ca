package io.pulsegrid.node.wiring;

import com.github.f4b6a3.uuid.UuidCreator;
import io.pulsegrid.core.time.IdSource;
import io.pulsegrid.node.store.OutageLines;
import io.pulsegrid.node.store.PostgresClock;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The time that all nodes share, and ids in its order. */
@Configuration(proxyBeanMethods = false)
class ClockWiring {
  /** A thread of its own: a sample that waits behind other work would tell the wrong time. */
  @Bean(destroyMethod = "shutdownNow")
  ScheduledExecutorService clockSampling() {
    return Executors.newSingleThreadScheduledExecutor(
        Thread.ofPlatform().name("clock").daemon().factory());
  }

  @Bean(destroyMethod = "end")
  OutageLines outageLines() {
    return OutageLines.ofThisProcess(System::nanoTime);
  }

  @Bean
  PostgresClock clock(
      JdbcClient jdbc, ScheduledExecutorService clockSampling, OutageLines outageLines) {
    PostgresClock clock = new PostgresClock(jdbc, System::nanoTime, InstantSource.system());
    clock.sample();
    long every = PostgresClock.EVERY.toMillis();
    Future<?> _ =
        clockSampling.scheduleWithFixedDelay(
            () -> {
              clock.sample();
              if (clock.answered()) {
                outageLines.answered();
              }
            },
            every,
            every,
            TimeUnit.MILLISECONDS);
    return clock;
  }

  @Bean
  IdSource ids() {
    return () -> UuidCreator.getTimeOrderedEpoch().toString();
  }
}
