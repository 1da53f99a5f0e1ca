package io.pulsegrid.node.store.posts;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;

/**
 * Rows read as they come, however many there are, and however long the first takes: a statement
 * that goes through a whole table says nothing for longer than {@code pulsegrid.store.silence},
 * after which others are given up.
 */
final class RowStream {
  private static final int FETCH_ROWS = 1000;
  private static final Duration PATIENCE = Duration.ofHours(1);

  private RowStream() {}

  /** Sets a statement's parameters. */
  interface Binding {
    void bind(PreparedStatement statement) throws SQLException;
  }

  /** Takes one row. */
  interface Reader {
    void read(ResultSet row) throws SQLException;
  }

  /** Shows every row of a query, in one transaction. */
  static void read(DataSource database, String sql, Binding binding, Reader reader)
      throws SQLException {
    try (Connection connection = database.getConnection()) {
      // The pool gives it its own patience again when it comes back.
      connection.setNetworkTimeout(Runnable::run, (int) PATIENCE.toMillis());
      // Rows are streamed only inside a transaction.
      connection.setAutoCommit(false);
      try (PreparedStatement statement = connection.prepareStatement(sql)) {
        statement.setFetchSize(FETCH_ROWS);
        binding.bind(statement);
        try (ResultSet rows = statement.executeQuery()) {
          while (rows.next()) {
            reader.read(rows);
          }
        }
      } finally {
        connection.rollback();
        connection.setAutoCommit(true);
      }
    }
  }
}
