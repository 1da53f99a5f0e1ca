package io.pulsegrid.bench.peer;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.net.URI;

/**
 * A node of another scheduler as a program: its kind, the JDBC URL, the stand-in platforms, how
 * many threads, its name. Says {@code ready}, and ends when its input does.
 */
public final class PeerMain {
  private static final int CONNECTIONS = 32;

  /** A scheduler at work. */
  interface Running extends AutoCloseable {
    @Override
    void close();
  }

  private PeerMain() {}

  public static void main(String[] arguments) throws Exception {
    String kind = arguments[0];
    String url = arguments[1];
    int threads = Integer.parseInt(arguments[3]);
    String name = arguments[4];
    try (HikariDataSource database = database(url);
        Work work = new Work(database, URI.create(arguments[2]), name);
        Running _ = start(kind, database, work, threads, name)) {
      System.out.println("ready");
      awaitEndOfInput();
    }
    System.exit(0);
  }

  private static Running start(
      String kind, HikariDataSource database, Work work, int threads, String name)
      throws Exception {
    return switch (kind) {
      case DbSchedulerNode.KIND -> DbSchedulerNode.start(database, work, threads, name);
      case QuartzNode.KIND -> QuartzNode.start(database, work, threads, name);
      default -> throw new IllegalArgumentException("there is no peer " + kind);
    };
  }

  private static HikariDataSource database(String url) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setMaximumPoolSize(CONNECTIONS);
    config.addDataSourceProperty("reWriteBatchedInserts", "true");
    return new HikariDataSource(config);
  }

  /** Whoever started it holds its input open, and is gone when that ends. */
  private static void awaitEndOfInput() throws IOException {
    while (System.in.read() >= 0) {
      // Nothing is ever said; only the end matters.
    }
  }
}
