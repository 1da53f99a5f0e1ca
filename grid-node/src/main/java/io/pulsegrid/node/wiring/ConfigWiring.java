package io.pulsegrid.node.wiring;

import io.pulsegrid.node.config.DirectoryLock;
import io.pulsegrid.node.config.DirectorySettings;
import io.pulsegrid.node.config.LiveConfig;
import io.pulsegrid.node.config.NodeSettings;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** Every record of {@code node.config}, and the files that are read again while running. */
@Configuration(proxyBeanMethods = false)
@ConfigurationPropertiesScan("io.pulsegrid.node.config")
class ConfigWiring {
  @Bean
  static SettingsCheck settingsCheck(Environment environment) {
    return new SettingsCheck(environment);
  }

  /** Held for the node's life: two nodes on one directory would mix their indexes. */
  @Bean
  DirectoryLock directoryLock(DirectorySettings directories, NodeSettings node) {
    return DirectoryLock.take(directories.data().resolve("node-" + node.index()), "node");
  }

  @Bean
  LauncherWatch launcherWatch(NodeSettings node) {
    return new LauncherWatch(node);
  }

  @Bean(destroyMethod = "shutdownNow", defaultCandidate = false)
  ScheduledExecutorService liveConfigPolling() {
    return Executors.newSingleThreadScheduledExecutor(
        Thread.ofPlatform().name("live-config").daemon().factory());
  }

  @Bean
  LiveConfig liveConfig(
      DirectorySettings directories,
      @Qualifier("liveConfigPolling") ScheduledExecutorService polling) {
    return LiveConfig.open(directories.config(), polling);
  }
}
