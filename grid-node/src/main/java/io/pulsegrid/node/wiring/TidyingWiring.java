package io.pulsegrid.node.wiring;

import io.pulsegrid.core.limit.WindowRule;
import io.pulsegrid.node.config.RetentionSettings;
import io.pulsegrid.node.store.StoreMeters;
import io.pulsegrid.node.store.access.StoredAudit;
import io.pulsegrid.node.store.access.StoredIdempotency;
import io.pulsegrid.node.store.engagement.StoredFollows;
import io.pulsegrid.node.store.engagement.StoredQuota;
import io.pulsegrid.node.store.ledger.DeliveryStore;
import io.pulsegrid.node.store.ledger.Ledger;
import io.pulsegrid.node.store.limits.StoredLimitHistory;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What every node tidies up now and then; doing it on several nodes at once is harmless. */
@Configuration(proxyBeanMethods = false)
class TidyingWiring {
  private static final Logger log = LoggerFactory.getLogger(TidyingWiring.class);
  private static final Duration EVERY = Duration.ofMinutes(10);
  private static final int BATCH = 5_000;

  /** How far back the longest window of a limit may reach. */
  private static final Duration LIMITS_REACH = WindowRule.LONGEST.plusDays(1);

  @Bean(destroyMethod = "shutdownNow")
  ScheduledExecutorService tidying() {
    return Executors.newSingleThreadScheduledExecutor(
        Thread.ofPlatform().name("tidying").daemon().factory());
  }

  /** Looked at on the thread of the tidying: figures that come late harm nobody. */
  @Bean
  StoreMeters storeMeters(JdbcClient jdbc, ScheduledExecutorService tidying) {
    var meters = new StoreMeters(jdbc);
    long every = StoreMeters.EVERY.toMillis();
    Future<?> _ = tidying.scheduleWithFixedDelay(meters::look, 0, every, TimeUnit.MILLISECONDS);
    return meters;
  }

  @Bean
  SmartInitializingSingleton housekeeper(
      ScheduledExecutorService tidying,
      StoredIdempotency idempotency,
      StoredLimitHistory limits,
      Ledger ledger,
      StoredFollows follows,
      StoredQuota quota,
      StoredAudit audit,
      RetentionSettings retention) {
    return () -> {
      Future<?> _ =
          tidying.scheduleWithFixedDelay(
              () -> {
                tidy(idempotency, limits, ledger.deliveries(), retention.attempts());
                tidy(follows, quota, retention.posts());
                tidy(audit, retention.audit());
              },
              1,
              EVERY.toMinutes(),
              TimeUnit.MINUTES);
    };
  }

  private static void tidy(StoredAudit audit, Duration kept) {
    try {
      int batch = audit.forget(kept, BATCH);
      while (batch == BATCH) {
        batch = audit.forget(kept, BATCH);
      }
    } catch (RuntimeException e) {
      // An exception would end the tidying for good.
      log.warn("Tidying up the audit failed; the next try is in {}", EVERY, e);
    }
  }

  private static void tidy(StoredFollows follows, StoredQuota quota, Duration readingsKept) {
    try {
      int quotas = quota.purge(LIMITS_REACH);
      int readings = 0;
      int batch = follows.forget(readingsKept, BATCH);
      while (batch > 0) {
        readings += batch;
        batch = follows.forget(readingsKept, BATCH);
      }
      log.debug("Forgot {} readings of engagement, {} quotas", readings, quotas);
    } catch (RuntimeException e) {
      // An exception would end the tidying for good.
      log.warn("Tidying up readings failed; the next try is in {}", EVERY, e);
    }
  }

  private static void tidy(
      StoredIdempotency idempotency,
      StoredLimitHistory limits,
      DeliveryStore deliveries,
      Duration attemptsKept) {
    try {
      int answers = idempotency.purge();
      int remembered = limits.purge(LIMITS_REACH);
      int attempts = 0;
      int batch = deliveries.forgetAttempts(attemptsKept, BATCH);
      while (batch > 0) {
        attempts += batch;
        batch = deliveries.forgetAttempts(attemptsKept, BATCH);
      }
      log.debug(
          "Forgot {} remembered answers, {} rows of limits, {} attempts",
          answers,
          remembered,
          attempts);
    } catch (RuntimeException e) {
      // An exception would end the tidying for good.
      log.warn("Tidying up failed; the next try is in {}", EVERY, e);
    }
  }
}
