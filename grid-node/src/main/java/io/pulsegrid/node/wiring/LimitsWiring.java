package io.pulsegrid.node.wiring;

import io.pulsegrid.core.publish.Channels;
import io.pulsegrid.core.time.IdSource;
import io.pulsegrid.node.config.GridSettings;
import io.pulsegrid.node.config.LiveConfig;
import io.pulsegrid.node.limits.GridLimits;
import io.pulsegrid.node.limits.GridPermits;
import io.pulsegrid.node.limits.LimitRules;
import io.pulsegrid.node.limits.ScopeCache;
import io.pulsegrid.node.store.limits.StoredLimitHistory;
import java.security.SecureRandom;
import java.time.InstantSource;
import org.apache.ignite.Ignite;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The rate limits: what the store remembers, what the grid counts, who is granted what. */
@Configuration(proxyBeanMethods = false)
class LimitsWiring {
  @Bean
  StoredLimitHistory limitHistory(JdbcClient jdbc) {
    return new StoredLimitHistory(jdbc);
  }

  @Bean
  ScopeCache limitScopes(Ignite ignite, GridSettings settings, StoredLimitHistory history) {
    return ScopeCache.open(ignite, settings.backups(), history);
  }

  @Bean
  LimitRules limitRules(LiveConfig config) {
    return new LimitRules(config::platforms);
  }

  @Bean
  GridPermits permits(
      ScopeCache scopes, LimitRules rules, StoredLimitHistory history, SecureRandom secureRandom) {
    return new GridPermits(scopes, rules, history, secureRandom::nextLong);
  }

  @Bean
  GridLimits limits(
      ScopeCache scopes,
      LimitRules rules,
      StoredLimitHistory history,
      Channels channels,
      GridLimits.Given given) {
    return new GridLimits(scopes, rules, history, channels, given);
  }

  @Bean
  GridLimits.Given limitsGiven(InstantSource clock, IdSource ids, SecureRandom secureRandom) {
    return new GridLimits.Given(clock, ids, secureRandom::nextLong);
  }
}
