package io.pulsegrid.node.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool.PoolInitializationException;
import io.pulsegrid.node.config.SettingRefused;
import io.pulsegrid.node.config.StoreSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** The node's connections to its Postgres. */
public final class StorePool {
  // A node often starts beside its store; both get a moment.
  private static final Duration FIRST_ANSWER = Duration.ofSeconds(15);

  private StorePool() {}

  /**
   * Opens the pool, to the launcher's embedded Postgres where no other is set.
   *
   * @throws SettingRefused when there is no address, or nothing answers at it
   */
  public static HikariDataSource open(StoreSettings settings, Path data) {
    String url = settings.url() == null ? embedded(data) : settings.url();
    var config = new HikariConfig();
    config.setPoolName("store");
    config.setJdbcUrl(url);
    config.setUsername(settings.user());
    config.setPassword(settings.password());
    config.setMaximumPoolSize(settings.pool());
    config.setMinimumIdle(Math.min(4, settings.pool()));
    config.setConnectionTimeout(settings.patience().toMillis());
    config.setInitializationFailTimeout(FIRST_ANSWER.toMillis());
    config.addDataSourceProperty("ApplicationName", "pulsegrid");
    config.addDataSourceProperty("reWriteBatchedInserts", "true");
    // A connection that a firewall forgot must not hold a worker for good: idle ones are probed,
    // and
    // one that waits for an answer, which nothing probes, is given up. A URL may say otherwise.
    config.addDataSourceProperty("tcpKeepAlive", "true");
    config.addDataSourceProperty("socketTimeout", String.valueOf(settings.silence().toSeconds()));
    try {
      return new HikariDataSource(config);
    } catch (PoolInitializationException e) {
      throw new SettingRefused(
          "pulsegrid.store.url: the PostgreSQL at "
              + url.replaceFirst("\\?.*", "")
              + " does not take us in: "
              + (e.getCause() == null ? e.getMessage() : e.getCause().getMessage()));
    }
  }

  /**
   * Where the embedded store of a data directory is.
   *
   * @throws SettingRefused where there is none
   */
  public static String embedded(Path data) {
    Path file = data.resolve("postgres.url");
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new SettingRefused(
          "pulsegrid.store.url is not set and "
              + file
              + " is absent: start with ./pulsegrid up, or set the JDBC URL of a PostgreSQL");
    }
  }
}
