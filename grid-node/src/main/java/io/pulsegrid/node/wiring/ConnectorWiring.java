package io.pulsegrid.node.wiring;

import io.pulsegrid.connectors.http.AddressPolicy;
import io.pulsegrid.connectors.publish.Connectors;
import io.pulsegrid.connectors.publish.Outside;
import io.pulsegrid.node.config.LiveConfig;
import io.pulsegrid.node.store.PostgresClock;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The connectors that publish, and what they reach the outside with. */
@Configuration(proxyBeanMethods = false)
class ConnectorWiring {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

  /**
   * Where the client's own work runs. By default it wakes a thread of an unbounded pool for each of
   * the several steps of a call, which costs more than the steps.
   */
  @Bean(destroyMethod = "shutdownNow", defaultCandidate = false)
  ExecutorService publishingHttpThreads() {
    return Executors.newThreadPerTaskExecutor(
        Thread.ofVirtual().name("publish-http-", 0).factory());
  }

  @Bean(destroyMethod = "shutdownNow", defaultCandidate = false)
  HttpClient publishingHttp(@Qualifier("publishingHttpThreads") ExecutorService threads) {
    return HttpClient.newBuilder()
        .executor(threads)
        .connectTimeout(CONNECT_TIMEOUT)
        .followRedirects(HttpClient.Redirect.NEVER)
        .build();
  }

  @Bean
  Connectors connectors(
      @Qualifier("publishingHttp") HttpClient http,
      AddressPolicy addresses,
      PostgresClock clock,
      LiveConfig config) {
    return new Connectors(
        new Outside(
            http,
            addresses,
            clock,
            Thread::sleep,
            platform -> config.platforms().length(platform)));
  }
}
