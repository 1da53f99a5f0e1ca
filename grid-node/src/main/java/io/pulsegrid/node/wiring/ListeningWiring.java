package io.pulsegrid.node.wiring;

import io.micrometer.core.instrument.MeterRegistry;
import io.pulsegrid.compute.embedding.Embedders;
import io.pulsegrid.compute.embedding.EmbeddingSettings;
import io.pulsegrid.compute.index.IndexSettings;
import io.pulsegrid.compute.index.PostIndex;
import io.pulsegrid.core.search.Embedder;
import io.pulsegrid.core.time.IdSource;
import io.pulsegrid.node.config.DirectorySettings;
import io.pulsegrid.node.config.GridSettings;
import io.pulsegrid.node.config.ListeningSettings;
import io.pulsegrid.node.config.NodeSettings;
import io.pulsegrid.node.config.RetentionSettings;
import io.pulsegrid.node.grid.CacheShapes;
import io.pulsegrid.node.grid.Departure;
import io.pulsegrid.node.grid.ExitCode;
import io.pulsegrid.node.grid.Membership;
import io.pulsegrid.node.grid.NodeDirectory;
import io.pulsegrid.node.grid.PostCaches;
import io.pulsegrid.node.listen.Adoption;
import io.pulsegrid.node.listen.BackgroundVerification;
import io.pulsegrid.node.listen.Epochs;
import io.pulsegrid.node.listen.GridIntake;
import io.pulsegrid.node.listen.GridPosts;
import io.pulsegrid.node.listen.GridSearch;
import io.pulsegrid.node.listen.GridTrends;
import io.pulsegrid.node.listen.GridVerification;
import io.pulsegrid.node.listen.Listening;
import io.pulsegrid.node.listen.Sequencer;
import io.pulsegrid.node.listen.StageRunner;
import io.pulsegrid.node.listen.StoreThreads;
import io.pulsegrid.node.store.posts.PostDigests;
import io.pulsegrid.node.store.posts.PostQueries;
import io.pulsegrid.node.store.posts.PostStore;
import io.pulsegrid.node.store.posts.RetentionStore;
import io.pulsegrid.node.store.posts.StoredParts;
import io.pulsegrid.node.store.posts.TrendStore;
import io.pulsegrid.node.telling.EventBus;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import javax.cache.CacheException;
import javax.sql.DataSource;
import org.apache.ignite.Ignite;
import org.apache.ignite.IgniteException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;
import org.springframework.core.annotation.Order;

/** The listening half: stores, stages, search, verification. */
@Configuration(proxyBeanMethods = false)
class ListeningWiring {
  private static final Logger log = LoggerFactory.getLogger(ListeningWiring.class);
  private static final int STORE_THREADS = 3;
  private static final Duration LOOK_AGAIN = Duration.ofMillis(250);

  @Bean
  Listening.Stores postStores(DataSource database) {
    return new Listening.Stores(
        new PostStore(database),
        new StoredParts(database),
        new TrendStore(database),
        new RetentionStore(database));
  }

  /** The number of this node's start, drawn before it joins the grid: it marks what it writes. */
  @Bean
  @DependsOn("flywayInitializer")
  StartNumber startNumber(Listening.Stores stores) throws SQLException {
    return new StartNumber(stores.posts().nextStart());
  }

  /** A number that no other start of a node on this store has had. */
  record StartNumber(long value) {}

  @Bean
  PostCaches postCaches(Ignite ignite, GridSettings settings) {
    return PostCaches.open(ignite, settings.backups());
  }

  @Bean
  Embedder embedder(
      ListeningSettings settings, DirectorySettings directories, MeterRegistry meters) {
    int threads =
        settings.threads() == 0 ? Runtime.getRuntime().availableProcessors() : settings.threads();
    return Embedders.open(
        new EmbeddingSettings(
            settings.engine() == ListeningSettings.Engine.ONNX
                ? EmbeddingSettings.Engine.ONNX
                : EmbeddingSettings.Engine.PYTORCH,
            settings.model(),
            settings.device(),
            threads,
            256,
            settings.batchTokens(),
            directories.data().resolve("models"),
            (texts, tokens, took) -> {
              meters.summary("pulsegrid.embedding.batch.texts").record(texts);
              meters.timer("pulsegrid.embedding.batch").record(took);
            }));
  }

  @Bean
  PostIndex postIndex(
      DirectorySettings directories,
      NodeSettings node,
      ListeningSettings settings,
      Embedder embedder,
      Departure departure) {
    PostIndex index =
        PostIndex.open(
            directories.data().resolve("node-" + node.index()).resolve("index"),
            IndexSettings.of(embedder.model(), embedder.dimensions())
                .with(
                    settings.vectors() == ListeningSettings.Vectors.INT8
                        ? IndexSettings.Vectors.INT8
                        : IndexSettings.Vectors.FLOAT32));
    // Started again, the node opens it as it last was on disk, and puts what it lacks.
    index.whenFailed(
        reason ->
            departure.leave(
                ExitCode.INDEX_FAILED, "The index failed (" + reason + ") and stays closed"));
    return index;
  }

  @Bean
  Epochs epochs(Ignite ignite) {
    return Epochs.of(
        ignite, CacheShapes.open(ignite, CacheShapes.<String, Long>replicated("grid-facts")));
  }

  @Bean
  Sequencer sequencer(Ignite ignite, IdSource ids, GridSettings settings) {
    return new Sequencer(
        ignite,
        CacheShapes.open(
            ignite,
            CacheShapes.<String, Sequencer.Ledger>partitioned("sequence", settings.backups())),
        ids);
  }

  @Bean
  GridIntake intake(
      Ignite ignite,
      PostCaches caches,
      Sequencer sequencer,
      Epochs epochs,
      InstantSource clock,
      EventBus events,
      MeterRegistry meters) {
    return new GridIntake(
        new GridIntake.Parts(
            ignite, caches, sequencer, epochs, clock, events, meters, ListeningWiring::pause));
  }

  @Bean
  GridPosts posts(PostCaches caches, Listening.Stores stores, DataSource database) {
    return new GridPosts(
        caches, stores.posts(), new PostQueries(database), stores.trends(), stores.retention());
  }

  @Bean
  GridTrends trends(PostCaches caches, Listening.Stores stores) {
    return new GridTrends(caches, stores.trends());
  }

  @Bean
  GridSearch search(
      Ignite ignite,
      PostCaches caches,
      GridPosts posts,
      Listening.Stores stores,
      Embedder embedder,
      InstantSource clock,
      Membership membership,
      MeterRegistry meters) {
    return new GridSearch(
        new GridSearch.Parts(
            ignite,
            caches,
            posts,
            stores.trends(),
            embedder,
            clock,
            () -> membership.isMajority(ignite.cluster().forServers().nodes()),
            meters));
  }

  /**
   * A few, each with its own connection to Postgres: more would only wait for one another there.
   */
  @Bean
  StoreThreads storeThreads() {
    return new StoreThreads(
        Executors.newFixedThreadPool(
            STORE_THREADS, Thread.ofPlatform().name("store-", 0).daemon().factory()));
  }

  @Bean
  Listening listening(
      Ignite ignite,
      PostCaches caches,
      Listening.Stores stores,
      PostIndex index,
      Embedder embedder,
      Sequencer sequencer,
      Epochs epochs,
      Membership membership,
      InstantSource clock,
      EventBus events,
      StoreThreads storeThreads,
      MeterRegistry meters,
      ListeningSettings settings,
      GridSettings grid,
      RetentionSettings retention) {
    return new Listening(
        new Listening.Parts(
            ignite,
            caches,
            Listening.Notes.open(ignite),
            stores,
            index,
            embedder,
            sequencer,
            epochs,
            () -> membership.requireAgreement(() -> ignite.cluster().forServers().nodes()),
            clock,
            events,
            storeThreads,
            meters),
        new Listening.Settings(settings.maxBacklog(), grid.hot(), retention));
  }

  @Bean
  GridVerification verification(
      Ignite ignite,
      PostCaches caches,
      Listening.Stores stores,
      Listening listening,
      Embedder embedder,
      DataSource database) {
    return new GridVerification(
        new GridVerification.Parts(
            ignite,
            caches,
            new PostDigests(database),
            new Adoption(caches, stores.posts(), embedder.model()),
            listening::hotFloor,
            ListeningWiring::pause));
  }

  /** Compares grid, store and index in the background, and mends what differs. */
  @Bean
  Background backgroundVerification(
      Ignite ignite,
      GridVerification verification,
      Listening listening,
      ListeningSettings settings,
      MeterRegistry meters) {
    return new Background(
        new StageRunner(
            new BackgroundVerification(
                ignite, verification, listening::isWhole, listening::isBusy, meters),
            settings.verifyEvery(),
            Thread.ofPlatform().daemon().factory(),
            meters));
  }

  /** Ends with the node, without waiting for a comparison that is under way: it only reads. */
  record Background(StageRunner runner) implements AutoCloseable {
    @Override
    public void close() {
      runner.stop();
    }
  }

  /** Part of whether the node is ready, as {@code listening}: what Postgres has is in the grid. */
  @Bean
  HealthIndicator listeningHealthIndicator(Listening listening) {
    return () ->
        listening.isWhole()
            ? Health.up().build()
            : Health.outOfService()
                .withDetail("partitionsToLoad", listening.partitionsToLoad())
                .build();
  }

  /** Before the node says that it is ready: what Postgres has is back in the grid. */
  @Bean
  @Order(0)
  ApplicationRunner startListening(Listening listening, NodeDirectory directory) {
    return _ -> {
      announce(directory, "starting");
      listening.load(ListeningWiring::pause);
      listening.start(Thread.ofPlatform().factory());
      listening.awaitIndex(ListeningWiring::pause);
      announce(directory, "ready");
    };
  }

  /** A grid that just lost its majority gets it back, or this node is told to leave. */
  private static void announce(NodeDirectory directory, String state) {
    while (true) {
      try {
        directory.announce(state);
        return;
      } catch (IgniteException | CacheException away) {
        log.debug("Nobody is told yet that this node is {}", state, away);
        pause(LOOK_AGAIN);
      }
    }
  }

  /** How everything that starts waits. */
  static void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting", e);
    }
  }
}
