package io.pulsegrid.node.wiring;

import com.zaxxer.hikari.HikariDataSource;
import io.pulsegrid.node.config.DirectoryLock;
import io.pulsegrid.node.config.DirectorySettings;
import io.pulsegrid.node.config.StoreSettings;
import io.pulsegrid.node.store.StorePool;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The connections to Postgres; nobody opens them before the data directory is ours. */
@Configuration(proxyBeanMethods = false)
class StoreWiring {
  @Bean
  HikariDataSource dataSource(
      StoreSettings settings, DirectorySettings directories, DirectoryLock directoryLock) {
    return StorePool.open(settings, directories.data());
  }
}
