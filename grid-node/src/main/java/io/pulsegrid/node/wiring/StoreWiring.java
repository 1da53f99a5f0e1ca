package io.pulsegrid.node.wiring;

import com.zaxxer.hikari.HikariDataSource;
import io.pulsegrid.node.access.CredentialKey;
import io.pulsegrid.node.config.DirectoryLock;
import io.pulsegrid.node.config.DirectorySettings;
import io.pulsegrid.node.config.SqlSettings;
import io.pulsegrid.node.config.StoreSettings;
import io.pulsegrid.node.store.StorePool;
import io.pulsegrid.node.store.query.StoredQueries;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.boot.flyway.autoconfigure.FlywayConfigurationCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** The connections to Postgres, and the queries of others that go past them. */
@Configuration(proxyBeanMethods = false)
class StoreWiring {
  /** Nobody opens it before the data directory is ours. */
  @Bean
  HikariDataSource dataSource(
      StoreSettings settings, DirectorySettings directories, DirectoryLock directoryLock) {
    return StorePool.open(settings, directories.data());
  }

  /** On a connection of their own: one that rewrites a large table answers late, not never. */
  @Bean
  FlywayConfigurationCustomizer migrations(HikariDataSource dataSource) {
    PGSimpleDataSource patient = new PGSimpleDataSource();
    patient.setUrl(dataSource.getJdbcUrl());
    if (dataSource.getUsername() != null) {
      patient.setUser(dataSource.getUsername());
    }
    if (dataSource.getPassword() != null) {
      patient.setPassword(dataSource.getPassword());
    }
    patient.setTcpKeepAlive(true);
    return flyway -> flyway.dataSource(patient);
  }

  @Bean
  StoredQueries queries(
      HikariDataSource dataSource,
      JdbcClient jdbc,
      TransactionTemplate transaction,
      CredentialKey key,
      SqlSettings settings) {
    return new StoredQueries(jdbc, transaction, dataSource.getJdbcUrl(), key::secretFor, settings);
  }
}
