package io.pulsegrid.node.collect;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.pulsegrid.connectors.feed.FeedCollector;
import io.pulsegrid.connectors.hackernews.HackerNewsCollector;
import io.pulsegrid.connectors.http.AddressPolicy;
import io.pulsegrid.connectors.http.FetchLimits;
import io.pulsegrid.connectors.http.WebClient;
import io.pulsegrid.connectors.listen.Collectors;
import io.pulsegrid.connectors.listen.Reach;
import io.pulsegrid.core.post.Intake;
import io.pulsegrid.core.source.Collector;
import io.pulsegrid.core.time.IdSource;
import io.pulsegrid.node.access.CredentialCipher;
import io.pulsegrid.node.access.CredentialKey;
import io.pulsegrid.node.config.SourceSettings;
import io.pulsegrid.node.follow.FollowStart;
import io.pulsegrid.node.store.engagement.StoredFollows;
import io.pulsegrid.node.store.engagement.StoredQuota;
import io.pulsegrid.node.store.sources.StoredSources;
import io.pulsegrid.node.store.sources.StoredVisits;
import io.pulsegrid.node.wiring.QuartzDelegate;
import java.net.InetAddress;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import javax.sql.DataSource;
import org.quartz.Job;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.scheduling.quartz.SchedulerFactoryBean;
import org.springframework.transaction.support.TransactionTemplate;

/** As much of a node as collects: put together as the wiring does, on a database of its own. */
final class CollectingNode implements AutoCloseable {
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(CollectThreads.factory());
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final SchedulerFactoryBean quartz = new SchedulerFactoryBean();
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  final Scheduler scheduler;
  final StoredSources sources;
  final StoredVisits visits;
  final StoredFollows follows;

  CollectingNode(
      DataSource dataSource, Intake intake, SourceSettings.Kind kind, boolean allowPrivate)
      throws Exception {
    JdbcTransactionManager transactions = new JdbcTransactionManager(dataSource);
    TransactionTemplate transaction = new TransactionTemplate(transactions);
    JdbcClient jdbc = JdbcClient.create(dataSource);
    WebClient web =
        new WebClient(
            HttpClient.newHttpClient(),
            new AddressPolicy(allowPrivate, InetAddress::getAllByName),
            new SourceBreakers(),
            InstantSource.system(),
            "Pulsegrid-test");
    FeedCollector feeds =
        new FeedCollector(
            web, () -> new FetchLimits(kind.timeout(), kind.maxBytes()), InstantSource.system());
    HackerNewsCollector hackerNews =
        new HackerNewsCollector(
            web,
            () -> new FetchLimits(kind.timeout(), kind.maxBytes()),
            InstantSource.system(),
            threads);
    StoredQuota quota =
        new StoredQuota(jdbc, transaction, InstantSource.system(), _ -> kind.limits());
    Collectors apis =
        Collectors.over(
            new Reach(
                web,
                quota,
                _ -> new FetchLimits(kind.timeout(), kind.maxBytes()),
                InstantSource.system()));
    List<Collector> collectors = new ArrayList<>(apis.collectors());
    collectors.add(feeds);
    collectors.add(hackerNews);
    SourceRules rules =
        new SourceRules(
            collectors, () -> new SourceSettings(Map.of("feed", kind, "hackernews", kind)));
    Path keys = Files.createTempDirectory("collecting-node");
    CredentialCipher cipher =
        new CredentialCipher(
            CredentialKey.readOrCreate(CredentialKey.fileIn(keys), new SecureRandom()),
            new SecureRandom());
    follows = new StoredFollows(jdbc, transaction);
    FollowStart follow =
        new FollowStart(
            follows,
            Set.of("hackernews", "mastodon", "reddit"),
            _ -> kind.follow(),
            InstantSource.system());
    SourceVisitor[] visitor = new SourceVisitor[1];

    quartz.setSchedulerName("pulsegrid");
    quartz.setDataSource(dataSource);
    quartz.setTransactionManager(transactions);
    quartz.setQuartzProperties(
        QuartzPlan.clustered(UUID.randomUUID().toString(), QuartzDelegate.class));
    quartz.setTaskExecutor(threads);
    quartz.setJobFactory((_, _) -> job(visitor));
    quartz.setExposeSchedulerInRepository(false);
    quartz.afterPropertiesSet();
    scheduler = quartz.getScheduler();

    VisitPlan plan = new QuartzPlan(scheduler);
    IdSource ids = () -> UUID.randomUUID().toString();
    sources = new StoredSources(jdbc, transaction, rules, plan, cipher, ids);
    visits = new StoredVisits(jdbc, transaction, plan, cipher);
    visitor[0] =
        new SourceVisitor(
            new SourceVisitor.Parts(
                rules, visits, intake, follow, threads, timer, InstantSource.system()),
            new CollectMeters(meters));
    scheduler.start();
  }

  private static Job job(SourceVisitor[] visitor) {
    return new VisitJob(visitor[0]);
  }

  static SourceSettings.Kind kind(Duration timeout, int concurrency) {
    return new SourceSettings.Kind(
        Duration.ofMinutes(5), timeout, concurrency, 5, 100_000, Map.of(), Duration.ZERO);
  }

  long visited(String result) {
    return meters.find("pulsegrid.collect.visits").tag("result", result).timers().stream()
        .mapToLong(timer -> timer.count())
        .sum();
  }

  /** Stops as the wiring does: calls off what runs, and lets Quartz go. */
  void stop() throws SchedulerException {
    new ClockWatch(scheduler, () -> Duration.ZERO).stop();
    threads.shutdownNow();
    quartz.destroy();
  }

  @Override
  public void close() throws SchedulerException {
    quartz.destroy();
    threads.shutdownNow();
    timer.shutdownNow();
  }
}
