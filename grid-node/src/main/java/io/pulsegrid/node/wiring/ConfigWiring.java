package io.pulsegrid.node.wiring;

import io.pulsegrid.node.config.DirectorySettings;
import io.pulsegrid.node.config.LiveConfig;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Every record of {@code node.config}, and the files that are read again while running. */
@Configuration(proxyBeanMethods = false)
@ConfigurationPropertiesScan("io.pulsegrid.node.config")
class ConfigWiring {
  @Bean(destroyMethod = "shutdownNow")
  ScheduledExecutorService liveConfigPolling() {
    return Executors.newSingleThreadScheduledExecutor(
        Thread.ofPlatform().name("live-config").daemon().factory());
  }

  @Bean
  LiveConfig liveConfig(DirectorySettings directories, ScheduledExecutorService liveConfigPolling) {
    return LiveConfig.open(directories.config(), liveConfigPolling);
  }
}
