package io.pulsegrid.node.wiring;

import io.pulsegrid.connectors.http.AddressPolicy;
import io.pulsegrid.connectors.publish.Connectors;
import io.pulsegrid.connectors.publish.Outside;
import io.pulsegrid.node.config.LiveConfig;
import io.pulsegrid.node.store.PostgresClock;
import java.net.http.HttpClient;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The connectors that publish, and what they reach the outside with. */
@Configuration(proxyBeanMethods = false)
class ConnectorWiring {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

  @Bean(destroyMethod = "shutdownNow", defaultCandidate = false)
  HttpClient publishingHttp() {
    return HttpClient.newBuilder()
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
