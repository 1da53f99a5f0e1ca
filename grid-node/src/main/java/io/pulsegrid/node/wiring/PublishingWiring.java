package io.pulsegrid.node.wiring;

import io.micrometer.core.instrument.MeterRegistry;
import io.pulsegrid.connectors.publish.Connectors;
import io.pulsegrid.core.limit.Limits;
import io.pulsegrid.core.publish.Explanations;
import io.pulsegrid.core.publish.Preview;
import io.pulsegrid.core.publish.Publishing;
import io.pulsegrid.core.publish.RecurringPosts;
import io.pulsegrid.core.publish.Workers;
import io.pulsegrid.core.time.Clocks;
import io.pulsegrid.core.time.IdSource;
import io.pulsegrid.node.access.ChannelSecrets;
import io.pulsegrid.node.config.GridSettings;
import io.pulsegrid.node.config.LiveConfig;
import io.pulsegrid.node.config.PublishingSettings;
import io.pulsegrid.node.grid.Departure;
import io.pulsegrid.node.grid.Presence;
import io.pulsegrid.node.limits.LimitRules;
import io.pulsegrid.node.limits.Permits;
import io.pulsegrid.node.publish.ProcessName;
import io.pulsegrid.node.publish.PublishingEngine;
import io.pulsegrid.node.store.PostgresClock;
import io.pulsegrid.node.store.channels.StoredAccounts;
import io.pulsegrid.node.store.ledger.Ledger;
import io.pulsegrid.node.telling.EventSink;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.ignite.Ignite;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/** The ledger, and the engine between it and the connectors. */
@Configuration(proxyBeanMethods = false)
class PublishingWiring {
  /** After the grid and the store, before the web server: stopped in the opposite order. */
  private static final int PHASE = SmartLifecycle.DEFAULT_PHASE - 4096;

  @Bean
  Ledger ledger(JdbcTemplate jdbc, TransactionTemplate transaction, PublishingSettings settings) {
    return Ledger.of(jdbc, transaction, settings.leaseSlack());
  }

  @Bean(destroyMethod = "shutdownNow", defaultCandidate = false)
  ExecutorService publishingCalls() {
    return Executors.newThreadPerTaskExecutor(
        Thread.ofVirtual().name("publish-call-", 0).factory());
  }

  @Bean
  PublishingEngine.Neighbours publishingNeighbours(
      Ledger ledger,
      Ignite ignite,
      GridSettings grid,
      ChannelSecrets secrets,
      StoredAccounts accounts,
      Permits permits,
      Limits limits,
      EventSink events) {
    return new PublishingEngine.Neighbours(
        ledger,
        new PublishingEngine.WaitingCopy(ignite, grid.backups()),
        secrets,
        accounts,
        permits,
        limits,
        events);
  }

  @Bean
  PublishingEngine.Surroundings publishingSurroundings(
      PostgresClock clock,
      Presence presence,
      SecureRandom secureRandom,
      IdSource ids,
      Ignite ignite,
      @Qualifier("publishingCalls") ExecutorService calls) {
    return new PublishingEngine.Surroundings(
        clock,
        () -> clock.trusted() && presence.sure(),
        new Clocks(System::nanoTime, InstantSource.system()),
        secureRandom,
        ids,
        calls,
        ProcessName.own(ignite.cluster().localNode().consistentId().toString()));
  }

  @Bean
  PublishingEngine publishingEngine(
      PublishingEngine.Neighbours neighbours,
      PublishingEngine.Surroundings surroundings,
      PublishingSettings settings,
      LiveConfig config,
      Connectors connectors,
      MeterRegistry registry) {
    return new PublishingEngine(
        neighbours, surroundings, settings, config::platforms, connectors.all(), registry);
  }

  @Bean
  Publishing publishing(PublishingEngine engine) {
    return engine.publishing();
  }

  @Bean
  Preview.Previews previews(PublishingEngine engine) {
    return engine.previews();
  }

  @Bean
  Workers workers(PublishingEngine engine) {
    return engine.workers();
  }

  @Bean
  Explanations explanations(PublishingEngine engine) {
    return engine.explanations();
  }

  @Bean
  RecurringPosts recurringPosts(PublishingEngine engine) {
    return engine.recurring();
  }

  @Bean
  SmartLifecycle publishingLifecycle(
      PublishingEngine engine, Departure departure, LimitRules limits, LiveConfig config) {
    limits.onChange(engine::limitsChanged);
    config.onChange(engine::limitsChanged);
    departure.stopsFirst(engine::stopArming);
    departure.waitsFor(
        () -> {
          boolean _ = engine.drain();
        });
    return new Running(engine);
  }

  /** The engine's life within the node's. */
  private static final class Running implements SmartLifecycle {
    private final PublishingEngine engine;
    private volatile boolean running;

    Running(PublishingEngine engine) {
      this.engine = engine;
    }

    @Override
    public void start() {
      engine.start(Thread.ofPlatform().daemon().factory());
      running = true;
    }

    @Override
    public void stop() {
      running = false;
      engine.stop();
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
