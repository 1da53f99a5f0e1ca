package io.pulsegrid.chaos.node;

import io.pulsegrid.node.store.embedded.EmbeddedStore;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postgresql.ds.PGSimpleDataSource;

/** The grid's Postgres, a process of its own, and a second pair of eyes in it. */
public final class Store implements AutoCloseable {
  /** What our own connections call themselves. */
  public static final String OBSERVER = "chaos";

  private static final int PATIENCE_SECONDS = 5;

  private final Path data;
  private EmbeddedStore running;

  private Store(Path data, EmbeddedStore running) {
    this.data = data;
    this.running = running;
  }

  /** Starts the Postgres of a data directory, or finds it running. */
  public static Store start(Path data) {
    return new Store(data, EmbeddedStore.start(data));
  }

  public synchronized String url() {
    return running.url();
  }

  /** The process of it, if it runs. */
  public Optional<ProcessHandle> process() {
    return Remains.postgres(data);
  }

  /** Stops it as an operator would; whoever is connected is cut off. */
  public synchronized void stop() {
    running.close();
  }

  /** Starts it again, if it does not run. */
  public synchronized void startAgain() {
    running = EmbeddedStore.start(data);
  }

  /** Whether it takes connections. */
  public boolean answers() {
    try {
      execute("SELECT 1");
      return true;
    } catch (SQLException e) {
      return false;
    }
  }

  public Connection connect() throws SQLException {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(url());
    source.setApplicationName(OBSERVER);
    source.setConnectTimeout(PATIENCE_SECONDS);
    return source.getConnection();
  }

  /** The first column of what a query finds. */
  public List<String> column(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> values = new ArrayList<>();
      while (rows.next()) {
        values.add(rows.getString(1));
      }
      return values;
    }
  }

  /** Runs statements for what they do. */
  public void execute(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      boolean _ = statement.execute(sql);
    }
  }

  @Override
  public void close() {
    stop();
  }
}
