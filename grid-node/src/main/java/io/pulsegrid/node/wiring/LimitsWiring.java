package io.pulsegrid.node.wiring;

import io.micrometer.core.instrument.MeterRegistry;
import io.pulsegrid.core.publish.Channels;
import io.pulsegrid.core.time.IdSource;
import io.pulsegrid.node.config.GridSettings;
import io.pulsegrid.node.config.LiveConfig;
import io.pulsegrid.node.limits.GridCustomLimits;
import io.pulsegrid.node.limits.GridLimits;
import io.pulsegrid.node.limits.GridPermits;
import io.pulsegrid.node.limits.LimitRules;
import io.pulsegrid.node.limits.NearLimits;
import io.pulsegrid.node.limits.PermitNumbers;
import io.pulsegrid.node.limits.ScopeCache;
import io.pulsegrid.node.store.limits.StoredCustomRules;
import io.pulsegrid.node.store.limits.StoredLimitHistory;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.ignite.Ignite;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The rate limits: what the store remembers, what the grid counts, who is granted what. */
@Configuration(proxyBeanMethods = false)
class LimitsWiring {
  private static final Logger log = LoggerFactory.getLogger(LimitsWiring.class);

  @Bean
  StoredLimitHistory limitHistory(JdbcClient jdbc) {
    return new StoredLimitHistory(jdbc);
  }

  @Bean
  ScopeCache limitScopes(Ignite ignite, GridSettings settings, StoredLimitHistory history) {
    return ScopeCache.open(ignite, settings.backups(), history);
  }

  @Bean(destroyMethod = "shutdownNow", defaultCandidate = false)
  ScheduledExecutorService limitsLooking() {
    return Executors.newSingleThreadScheduledExecutor(
        Thread.ofPlatform().name("limits-look").daemon().factory());
  }

  @Bean
  LimitRules limitRules(
      LiveConfig config,
      JdbcClient jdbc,
      @Qualifier("limitsLooking") ScheduledExecutorService looking) {
    LimitRules rules = new LimitRules(config::platforms, new StoredCustomRules(jdbc));
    // Before anything is granted: a limit that somebody set holds from the first permit on.
    rules.look();
    Future<?> _ = looking.scheduleWithFixedDelay(() -> look(rules), 1, 1, TimeUnit.SECONDS);
    return rules;
  }

  private static void look(LimitRules rules) {
    try {
      rules.look();
    } catch (RuntimeException e) {
      // An exception would end the looking for good.
      log.debug("Limits that people set were not read; what is known stays", e);
    }
  }

  @Bean
  NearLimits nearLimits(MeterRegistry registry, InstantSource clock) {
    return new NearLimits(registry, clock);
  }

  @Bean
  PermitNumbers permitNumbers(SecureRandom secureRandom) {
    return new PermitNumbers(secureRandom);
  }

  @Bean
  GridPermits permits(
      ScopeCache scopes,
      LimitRules rules,
      StoredLimitHistory history,
      PermitNumbers numbers,
      NearLimits near) {
    return new GridPermits(scopes, rules, history, numbers, near);
  }

  @Bean
  GridCustomLimits customLimits(
      GridLimits limits,
      LimitRules rules,
      ScopeCache scopes,
      StoredLimitHistory history,
      InstantSource clock) {
    return new GridCustomLimits(limits, rules, scopes, history, clock);
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
  GridLimits.Given limitsGiven(
      InstantSource clock, IdSource ids, PermitNumbers numbers, NearLimits near) {
    return new GridLimits.Given(clock, ids, numbers, near);
  }
}
