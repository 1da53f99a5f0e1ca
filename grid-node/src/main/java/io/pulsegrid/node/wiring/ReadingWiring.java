package io.pulsegrid.node.wiring;

import io.micrometer.core.instrument.MeterRegistry;
import io.pulsegrid.connectors.hackernews.HackerNewsCollector;
import io.pulsegrid.connectors.listen.Collectors;
import io.pulsegrid.connectors.listen.Quota;
import io.pulsegrid.core.source.EngagementReader;
import io.pulsegrid.node.collect.CountedQuota;
import io.pulsegrid.node.config.LiveConfig;
import io.pulsegrid.node.config.SourceSettings;
import io.pulsegrid.node.store.PostgresClock;
import io.pulsegrid.node.store.engagement.StoredFollows;
import io.pulsegrid.node.store.engagement.StoredQuota;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
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

  static List<EngagementReader> readers(Collectors apis, HackerNewsCollector hackerNews) {
    List<EngagementReader> readers = new ArrayList<>(apis.readers());
    readers.add(hackerNews);
    return readers;
  }

  static Function<String, Duration> follow(LiveConfig live) {
    return platform ->
        live.sources()
            .kind(platform)
            .map(SourceSettings.Kind::follow)
            .orElse(SourceSettings.Kind.FOLLOW);
  }
}
