package io.pulsegrid.bench;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.pulsegrid.compute.index.IndexSettings;
import io.pulsegrid.compute.index.PostIndex;
import io.pulsegrid.core.post.Post;
import io.pulsegrid.node.grid.PostCaches;
import io.pulsegrid.node.grid.wire.PostChange;
import io.pulsegrid.node.grid.wire.PostWire;
import io.pulsegrid.node.listen.Adoption;
import io.pulsegrid.node.listen.StoreFlusher;
import io.pulsegrid.node.listen.StoreThreads;
import io.pulsegrid.node.store.embedded.EmbeddedStore;
import io.pulsegrid.node.store.posts.PostStore;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import org.apache.ignite.Ignite;
import org.apache.ignite.Ignition;
import org.apache.ignite.lang.IgniteFuture;
import org.flywaydb.core.Flyway;

/** A grid of one node before a PostgreSQL of its own, with nothing running but what is measured. */
final class StoreNode implements AutoCloseable {
  private static final int BATCH = 500;
  private static final int ON_THE_WAY = 4;

  /** As many as a node has. */
  private static final int THREADS = 3;

  private final EmbeddedStore postgres;
  private final HikariDataSource database;
  private final Ignite ignite;
  private final PostCaches caches;
  private final PostIndex index;
  private final StoreThreads threads =
      new StoreThreads(
          Executors.newFixedThreadPool(THREADS, Thread.ofPlatform().daemon().factory()));
  private final StoreFlusher flusher;

  StoreNode(Path folder) throws IOException {
    postgres = EmbeddedStore.start(folder);
    HikariConfig pool = new HikariConfig();
    pool.setJdbcUrl(postgres.url());
    database = new HikariDataSource(pool);
    Flyway.configure().dataSource(database).locations("classpath:db/migration").load().migrate();
    ignite = Ignition.start(new BareGrid(1, FreePorts.inARow(2), 0, 1024).node(0, folder));
    caches = PostCaches.open(ignite, 0);
    index = PostIndex.open(folder.resolve("index"), IndexSettings.of("none", 4));
    PostStore store = new PostStore(database);
    flusher =
        new StoreFlusher(
            caches,
            store,
            new Adoption(caches, store, "none"),
            index,
            () -> {},
            threads,
            InstantSource.system(),
            new SimpleMeterRegistry());
  }

  /** The JDBC URL of its PostgreSQL. */
  String url() {
    return postgres.url();
  }

  /** Puts posts into the grid, as an import does, but without waiting for them to be stored. */
  void put(List<Post> posts) {
    Queue<IgniteFuture<?>> running = new ArrayDeque<>();
    for (int from = 0; from < posts.size(); from += BATCH) {
      Map<String, PostChange.Take> batch = new TreeMap<>();
      for (Post post : posts.subList(from, Math.min(posts.size(), from + BATCH))) {
        batch.put(
            post.id().value(),
            new PostChange.Take(
                PostWire.collected(
                    post.workspace(),
                    post.content(),
                    post.engagement(),
                    post.publishedAt(),
                    post.collectedAt(),
                    null),
                post.progress().sequence(),
                1L << 24));
      }
      if (running.size() == ON_THE_WAY) {
        running.remove().get();
      }
      running.add(caches.posts().invokeAllAsync(batch));
    }
    running.forEach(IgniteFuture::get);
  }

  /** Stores what is dirty, until nothing is. */
  void drain() throws SQLException {
    while (flusher.work()) {
      // one full batch after the other
    }
  }

  long dirty() {
    return flusher.countDirty();
  }

  long stored() throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT count(*) FROM post")) {
      row.next();
      return row.getLong(1);
    }
  }

  /** Empties grid and store. */
  void clear() throws SQLException {
    caches.posts().removeAll();
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("TRUNCATE post, post_vector");
      statement.execute("CHECKPOINT");
    }
  }

  @Override
  public void close() {
    Ignition.stop(ignite.name(), true);
    threads.close();
    index.close();
    database.close();
    postgres.close();
  }
}
