package io.pulsegrid.node.wiring;

import io.pulsegrid.api.call.Calls;
import io.pulsegrid.node.client.ProgramDesk;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.ignite.Ignite;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The desk at which programs are answered: open as long as the node answers over HTTP. */
@Configuration(proxyBeanMethods = false)
class ClientWiring {
  @Bean(destroyMethod = "shutdownNow", defaultCandidate = false)
  ExecutorService programCalls() {
    return Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("program-", 0).factory());
  }

  @Bean
  ProgramDesk programDesk(
      Ignite ignite, Calls calls, @Qualifier("programCalls") ExecutorService threads) {
    return new ProgramDesk(ignite, calls, threads);
  }

  @Bean
  SmartLifecycle programHours(ProgramDesk desk) {
    return new Hours(desk);
  }

  private static final class Hours implements SmartLifecycle {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(500);

    private final ProgramDesk desk;
    private volatile boolean open;

    Hours(ProgramDesk desk) {
      this.desk = desk;
    }

    /** Nodes that start together change the grid under each other for some seconds. */
    @Override
    public void start() {
      long giveUp = System.nanoTime() + PATIENCE.toNanos();
      while (!desk.open()) {
        if (System.nanoTime() > giveUp) {
          throw new IllegalStateException(
              "the grid does not take the service for programs after " + PATIENCE);
        }
        ListeningWiring.pause(BETWEEN_TRIES);
      }
      open = true;
    }

    @Override
    public void stop() {
      open = false;
      desk.close();
    }

    @Override
    public boolean isRunning() {
      return open;
    }
  }
}
