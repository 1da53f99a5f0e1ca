package io.pulsegrid.node.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;

/**
 * A connection for a statement that goes through a whole table before it says a word: on a large
 * one that takes longer than {@code pulsegrid.store.silence}, after which others are given up.
 */
public final class PatientConnection {
  private static final Duration PATIENCE = Duration.ofHours(1);

  private PatientConnection() {}

  /** Takes one; the pool gives it its own patience again when it comes back. */
  public static Connection of(DataSource database) throws SQLException {
    Connection connection = database.getConnection();
    try {
      connection.setNetworkTimeout(Runnable::run, (int) PATIENCE.toMillis());
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }
}
