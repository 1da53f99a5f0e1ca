package io.pulsegrid.node.wiring;

import io.micrometer.core.instrument.MeterRegistry;
import io.pulsegrid.connectors.listen.Quota;
import io.pulsegrid.node.collect.CountedQuota;
import io.pulsegrid.node.config.LiveConfig;
import io.pulsegrid.node.config.SourceSettings;
import io.pulsegrid.node.store.PostgresClock;
import io.pulsegrid.node.store.engagement.StoredFollows;
import io.pulsegrid.node.store.engagement.StoredQuota;
import java.util.Map;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** What is kept of reading: how much of each quota is used, and what is read again when. */
@Configuration(proxyBeanMethods = false)
class ReadingWiring {
  @Bean
  StoredQuota storedQuota(
      JdbcClient jdbc, TransactionTemplate transaction, PostgresClock clock, LiveConfig live) {
    return new StoredQuota(
        jdbc,
        transaction,
        clock,
        kind -> live.sources().kind(kind).map(SourceSettings.Kind::limits).orElseGet(Map::of));
  }

  @Bean
  Quota quota(StoredQuota stored, MeterRegistry meters) {
    return new CountedQuota(stored, meters);
  }

  @Bean
  StoredFollows storedFollows(JdbcClient jdbc, TransactionTemplate transaction) {
    return new StoredFollows(jdbc, transaction);
  }
}
