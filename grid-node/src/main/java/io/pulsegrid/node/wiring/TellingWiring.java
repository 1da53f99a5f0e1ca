package io.pulsegrid.node.wiring;

import io.pulsegrid.api.telling.EventBody;
import io.pulsegrid.connectors.http.AddressPolicy;
import io.pulsegrid.connectors.webhook.WebhookCaller;
import io.pulsegrid.core.search.Embedder;
import io.pulsegrid.core.time.Clocks;
import io.pulsegrid.core.time.IdSource;
import io.pulsegrid.node.access.CredentialCipher;
import io.pulsegrid.node.config.RetentionSettings;
import io.pulsegrid.node.config.WebhookSettings;
import io.pulsegrid.node.store.PostgresClock;
import io.pulsegrid.node.store.posts.StoredTrendHistory;
import io.pulsegrid.node.store.telling.StoredAlerts;
import io.pulsegrid.node.store.telling.StoredSubscriptions;
import io.pulsegrid.node.store.telling.StoredWebhooks;
import io.pulsegrid.node.store.telling.SubscriptionQueue;
import io.pulsegrid.node.store.telling.WebhookQueue;
import io.pulsegrid.node.subscriptions.AlertRecall;
import io.pulsegrid.node.subscriptions.SubscriptionTeller;
import io.pulsegrid.node.telling.EventBus;
import io.pulsegrid.node.webhooks.WebhookTeller;
import java.net.http.HttpClient;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/** Alerts, webhooks and subscriptions: what is kept of them, and who tells them. */
@Configuration(proxyBeanMethods = false)
class TellingWiring {
  private static final Logger log = LoggerFactory.getLogger(TellingWiring.class);

  /** After the store, before the web server: stopped in the opposite order. */
  private static final int PHASE = SmartLifecycle.DEFAULT_PHASE - 4096;

  private static final Duration EVERY = Duration.ofMinutes(10);
  private static final int BATCH = 5_000;

  @Bean
  StoredAlerts alerts(JdbcClient jdbc) {
    return new StoredAlerts(jdbc);
  }

  @Bean
  StoredWebhooks webhooks(
      JdbcClient jdbc,
      AddressPolicy addresses,
      CredentialCipher cipher,
      IdSource ids,
      SecureRandom secureRandom) {
    return new StoredWebhooks(jdbc, addresses::refusal, cipher, ids, secureRandom);
  }

  @Bean
  WebhookQueue webhookQueue(JdbcClient jdbc, CredentialCipher cipher) {
    return new WebhookQueue(jdbc, cipher);
  }

  @Bean
  WebhookCaller webhookCaller(
      @Qualifier("publishingHttp") HttpClient http, AddressPolicy addresses, PostgresClock clock) {
    return new WebhookCaller(http, addresses, clock);
  }

  @Bean
  WebhookTeller.Given webhookSurroundings(
      IdSource ids,
      SecureRandom secureRandom,
      @Qualifier("publishingCalls") ExecutorService calls) {
    return new WebhookTeller.Given(
        new Clocks(System::nanoTime, InstantSource.system()), ids, secureRandom, calls);
  }

  @Bean
  WebhookTeller webhookTeller(
      WebhookQueue queue,
      WebhookCaller caller,
      EventBody body,
      WebhookSettings settings,
      WebhookTeller.Given given) {
    return new WebhookTeller(queue, caller, body::of, settings, given);
  }

  @Bean
  SmartLifecycle webhookLifecycle(WebhookTeller teller) {
    return new Running(teller::start, teller::stop);
  }

  @Bean
  StoredTrendHistory trendHistory(JdbcClient jdbc) {
    return new StoredTrendHistory(jdbc);
  }

  @Bean
  StoredSubscriptions subscriptions(
      JdbcClient jdbc,
      TransactionOperations transactions,
      StoredWebhooks webhooks,
      AddressPolicy addresses,
      IdSource ids) {
    return new StoredSubscriptions(jdbc, transactions, webhooks, addresses::refusal, ids);
  }

  @Bean
  SmartLifecycle subscriptionLifecycle(
      JdbcClient jdbc, TransactionOperations transactions, Embedder embedder) {
    SubscriptionTeller teller =
        new SubscriptionTeller(new SubscriptionQueue(jdbc, transactions), embedder);
    return new Running(teller::start, teller::stop);
  }

  @Bean
  SmartLifecycle alertRecallLifecycle(StoredAlerts alerts, EventBus bus) {
    AlertRecall recall = new AlertRecall(alerts, bus, System::nanoTime);
    return new Running(recall::start, recall::stop);
  }

  @Bean
  SmartInitializingSingleton tellingHousekeeper(
      ScheduledExecutorService tidying,
      StoredAlerts alerts,
      StoredSubscriptions subscriptions,
      StoredTrendHistory history,
      WebhookQueue queue,
      RetentionSettings retention,
      WebhookSettings settings) {
    return () -> {
      Future<?> _ =
          tidying.scheduleWithFixedDelay(
              () -> {
                tidy(alerts, queue, retention.alerts(), settings.keep());
                tidy("subscriptions", () -> subscriptions.forget(BATCH));
                tidy(
                    "the history of trends",
                    () -> {
                      history.thin();
                      return history.forget(retention.posts(), BATCH);
                    });
              },
              1,
              EVERY.toMinutes(),
              TimeUnit.MINUTES);
    };
  }

  private static void tidy(String what, IntSupplier forget) {
    try {
      int batch = forget.getAsInt();
      while (batch == BATCH) {
        batch = forget.getAsInt();
      }
    } catch (RuntimeException e) {
      // An exception would end the tidying for good.
      log.warn("Tidying up {} failed; the next try is in {}", what, EVERY, e);
    }
  }

  private static void tidy(
      StoredAlerts alerts, WebhookQueue queue, Duration alertsKept, Duration messagesKept) {
    try {
      int batch = alerts.forget(alertsKept, BATCH);
      while (batch == BATCH) {
        batch = alerts.forget(alertsKept, BATCH);
      }
      int untold = 0;
      int gone = queue.forget(messagesKept, BATCH);
      while (gone > 0) {
        untold += gone;
        gone = queue.forget(messagesKept, BATCH);
      }
      if (untold > 0) {
        log.warn(
            "{} events for webhooks were not taken for {} and are told no more",
            untold,
            messagesKept);
      }
    } catch (RuntimeException e) {
      // An exception would end the tidying for good.
      log.warn("Tidying up after telling failed; the next try is in {}", EVERY, e);
    }
  }

  /** A teller's life within the node's. */
  private static final class Running implements SmartLifecycle {
    private final Consumer<ThreadFactory> begin;
    private final Runnable end;
    private volatile boolean running;

    Running(Consumer<ThreadFactory> begin, Runnable end) {
      this.begin = begin;
      this.end = end;
    }

    @Override
    public void start() {
      begin.accept(Thread.ofPlatform().daemon().factory());
      running = true;
    }

    @Override
    public void stop() {
      running = false;
      end.run();
    }

    @Override
    public boolean isRunning() {
      return running;
    }

    @Override
    public int getPhase() {
      return PHASE;
    }
  }
}
