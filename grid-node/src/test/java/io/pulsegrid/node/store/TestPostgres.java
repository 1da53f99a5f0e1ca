package io.pulsegrid.node.store;

import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.springframework.util.FileSystemUtils;

/**
 * A real PostgreSQL for tests: one server a JVM, stopped with it; a fresh, migrated database a
 * call.
 */
public final class TestPostgres {
  private static final String TEMPLATE = "migrated";
  private static final String DATA = "data-";
  private static final AtomicInteger DATABASES = new AtomicInteger();

  private TestPostgres() {}

  /** A pool on a database of its own, migrated to the newest schema. */
  public static DataSource fresh() {
    return pool(freshUrl());
  }

  /** The JDBC URL of a database of its own, user and password included, migrated. */
  public static String freshUrl() {
    String name = "test_" + DATABASES.incrementAndGet();
    // A copy of a migrated database costs a tenth of migrating anew.
    run(Server.RUNNING, "CREATE DATABASE " + name + " TEMPLATE " + TEMPLATE);
    return url(name);
  }

  /** The JDBC URL of an empty database: no table, no migration. */
  public static String emptyUrl() {
    String name = "test_" + DATABASES.incrementAndGet();
    run(Server.RUNNING, "CREATE DATABASE " + name);
    return url(name);
  }

  /** A pool on the database behind {@code url}; it keeps no connection that is not in use. */
  public static DataSource pool(String url) {
    var pool = new HikariDataSource();
    pool.setJdbcUrl(url);
    pool.setMaximumPoolSize(8);
    pool.setMinimumIdle(0);
    pool.setIdleTimeout(Duration.ofSeconds(10).toMillis());
    return pool;
  }

  private static String url(String database) {
    return Server.RUNNING.getJdbcUrl("postgres", database);
  }

  private static void run(EmbeddedPostgres server, String sql) {
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /** What runs that have ended left there. */
  private static void deleteFormer(Path directory) {
    File[] former = directory.toFile().listFiles((_, name) -> name.startsWith(DATA));
    for (File data : former == null ? new File[0] : former) {
      long pid = Long.parseLong(data.getName().substring(DATA.length()));
      if (ProcessHandle.of(pid).isEmpty()) {
        boolean _ = FileSystemUtils.deleteRecursively(data);
      }
    }
  }

  /** Started when the first test asks. */
  private static final class Server {
    static final EmbeddedPostgres RUNNING = start();

    private static EmbeddedPostgres start() {
      try {
        Path directory =
            Files.createDirectories(Path.of("target")).toAbsolutePath().resolve("test-postgres");
        Thread.ofPlatform().daemon().start(() -> deleteFormer(directory));
        EmbeddedPostgres server =
            EmbeddedPostgres.builder()
                .setOverrideWorkingDirectory(directory.resolve("binaries").toFile())
                .setDataDirectory(directory.resolve(DATA + ProcessHandle.current().pid()))
                // Hundreds of databases take longer to delete than a JVM is given to end.
                .setCleanDataDirectory(false)
                .setPGStartupWait(Duration.ofSeconds(60))
                .setServerConfig("max_connections", "200")
                .setServerConfig("shared_buffers", "64MB")
                .setServerConfig("fsync", "off")
                .setServerConfig("full_page_writes", "off")
                .setServerConfig("shared_preload_libraries", "pg_stat_statements")
                .start();
        run(server, "CREATE DATABASE " + TEMPLATE);
        Flyway.configure()
            .dataSource(server.getJdbcUrl("postgres", TEMPLATE), null, null)
            .locations("classpath:db/migration")
            .load()
            .migrate();
        return server;
      } catch (IOException e) {
        throw new UncheckedIOException("no PostgreSQL for tests", e);
      }
    }
  }
}
