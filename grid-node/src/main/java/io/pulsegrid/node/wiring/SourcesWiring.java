package io.pulsegrid.node.wiring;

import io.micrometer.core.instrument.MeterRegistry;
import io.pulsegrid.connectors.feed.FeedCollector;
import io.pulsegrid.connectors.hackernews.HackerNewsCollector;
import io.pulsegrid.connectors.http.AddressPolicy;
import io.pulsegrid.connectors.http.FetchLimits;
import io.pulsegrid.connectors.http.SourceGate;
import io.pulsegrid.connectors.http.WebClient;
import io.pulsegrid.connectors.listen.Collectors;
import io.pulsegrid.connectors.listen.Quota;
import io.pulsegrid.connectors.listen.Reach;
import io.pulsegrid.core.post.Intake;
import io.pulsegrid.core.post.PostImport;
import io.pulsegrid.core.source.Collector;
import io.pulsegrid.core.source.EngagementReader;
import io.pulsegrid.core.time.IdSource;
import io.pulsegrid.node.access.CredentialCipher;
import io.pulsegrid.node.collect.ClockWatch;
import io.pulsegrid.node.collect.CollectMeters;
import io.pulsegrid.node.collect.CollectThreads;
import io.pulsegrid.node.collect.QuartzPlan;
import io.pulsegrid.node.collect.SourceBreakers;
import io.pulsegrid.node.collect.SourceRules;
import io.pulsegrid.node.collect.SourceVisitor;
import io.pulsegrid.node.collect.StreamImport;
import io.pulsegrid.node.collect.VisitLedger;
import io.pulsegrid.node.collect.VisitPlan;
import io.pulsegrid.node.config.LiveConfig;
import io.pulsegrid.node.follow.FollowStart;
import io.pulsegrid.node.grid.Departure;
import io.pulsegrid.node.store.PostgresClock;
import io.pulsegrid.node.store.engagement.StoredFollows;
import io.pulsegrid.node.store.sources.StoredSources;
import io.pulsegrid.node.store.sources.StoredVisits;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.quartz.Scheduler;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.quartz.autoconfigure.SchedulerFactoryBeanCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Sources, their visits, and imports. */
@Configuration(proxyBeanMethods = false)
class SourcesWiring {
  private static final String USER_AGENT = "Pulsegrid/0.1";
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  @Bean(destroyMethod = "shutdownNow", defaultCandidate = false)
  ExecutorService collecting() {
    return Executors.newThreadPerTaskExecutor(CollectThreads.factory());
  }

  @Bean(destroyMethod = "shutdownNow", defaultCandidate = false)
  ScheduledExecutorService collectTimer() {
    return Executors.newSingleThreadScheduledExecutor(
        Thread.ofPlatform().name("collect-timer").daemon().factory());
  }

  @Bean
  SourceBreakers sourceBreakers() {
    return new SourceBreakers();
  }

  @Bean(defaultCandidate = false)
  HttpClient collectClient() {
    return HttpClient.newBuilder()
        .followRedirects(HttpClient.Redirect.NEVER)
        .connectTimeout(CONNECT_TIMEOUT)
        .build();
  }

  @Bean
  WebClient webClient(
      @Qualifier("collectClient") HttpClient client,
      AddressPolicy addresses,
      SourceGate sourceGate,
      PostgresClock clock) {
    return new WebClient(client, addresses, sourceGate, clock, USER_AGENT);
  }

  @Bean
  FeedCollector feedCollector(WebClient web, LiveConfig live, PostgresClock clock) {
    return new FeedCollector(web, limits(live, "feed"), clock);
  }

  @Bean
  HackerNewsCollector hackerNewsCollector(
      WebClient web,
      LiveConfig live,
      PostgresClock clock,
      @Qualifier("collecting") ExecutorService collecting) {
    return new HackerNewsCollector(web, limits(live, "hackernews"), clock, collecting);
  }

  private static Supplier<FetchLimits> limits(LiveConfig live, String kind) {
    return () ->
        live.sources()
            .kind(kind)
            .map(found -> new FetchLimits(found.timeout(), found.maxBytes()))
            .orElseGet(() -> new FetchLimits(Duration.ofSeconds(15), 8 << 20));
  }

  @Bean
  Collectors apiCollectors(WebClient web, Quota quota, LiveConfig live, PostgresClock clock) {
    return Collectors.over(new Reach(web, quota, kind -> limits(live, kind).get(), clock));
  }

  @Bean
  SourceRules sourceRules(
      FeedCollector feeds, HackerNewsCollector hackerNews, Collectors apis, LiveConfig live) {
    List<Collector> all = new ArrayList<>(apis.collectors());
    all.add(feeds);
    all.add(hackerNews);
    return new SourceRules(all, live::sources);
  }

  /** Quartz on our own pool and transactions; its jobs run on virtual threads. */
  @Bean
  SchedulerFactoryBeanCustomizer clusteredQuartz(
      DataSource dataSource,
      PlatformTransactionManager transactions,
      IdSource ids,
      @Qualifier("collecting") ExecutorService collecting) {
    return factory -> {
      factory.setSchedulerName("pulsegrid");
      factory.setDataSource(dataSource);
      factory.setTransactionManager(transactions);
      factory.setQuartzProperties(QuartzPlan.clustered(ids.next(), QuartzDelegate.class));
      factory.setTaskExecutor(collecting);
      factory.setAutoStartup(false);
    };
  }

  @Bean
  VisitsSwitch visitsSwitch(
      Scheduler scheduler,
      PostgresClock clock,
      @Qualifier("collecting") ExecutorService collecting,
      @Qualifier("collectTimer") ScheduledExecutorService timer,
      Departure departure) {
    VisitsSwitch visits =
        new VisitsSwitch(new ClockWatch(scheduler, clock::offset), collecting, timer);
    departure.stopsFirst(visits::stop);
    return visits;
  }

  @Bean
  VisitPlan visitPlan(Scheduler scheduler) {
    return new QuartzPlan(scheduler);
  }

  @Bean
  VisitLedger visitLedger(
      JdbcClient jdbc, TransactionTemplate transaction, VisitPlan plan, CredentialCipher cipher) {
    return new StoredVisits(jdbc, transaction, plan, cipher);
  }

  @Bean
  StoredSources sources(
      JdbcClient jdbc,
      TransactionTemplate transaction,
      SourceRules rules,
      VisitPlan plan,
      CredentialCipher cipher,
      IdSource ids) {
    return new StoredSources(jdbc, transaction, rules, plan, cipher, ids);
  }

  @Bean
  SourceVisitor sourceVisitor(
      SourceRules rules,
      VisitLedger ledger,
      Intake intake,
      FollowStart follow,
      PostgresClock clock,
      MeterRegistry meters,
      @Qualifier("collecting") ExecutorService collecting,
      @Qualifier("collectTimer") ScheduledExecutorService timer) {
    return new SourceVisitor(
        new SourceVisitor.Parts(rules, ledger, intake, follow, collecting, timer, clock),
        new CollectMeters(meters));
  }

  @Bean
  PostImport postImport(Intake intake, MeterRegistry meters) {
    return new StreamImport(intake, Thread::sleep, meters);
  }

  @Bean
  FollowStart followStart(
      StoredFollows ledger,
      Collectors apis,
      HackerNewsCollector hackerNews,
      LiveConfig live,
      PostgresClock clock) {
    return new FollowStart(
        ledger,
        Set.copyOf(
            ReadingWiring.readers(apis, hackerNews).stream()
                .map(EngagementReader::platform)
                .toList()),
        ReadingWiring.follow(live),
        clock);
  }
}
