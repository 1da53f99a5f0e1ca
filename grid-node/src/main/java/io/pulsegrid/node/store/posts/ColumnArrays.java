package io.pulsegrid.node.store.posts;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Rows bound as one array a column, for {@code INSERT ... SELECT FROM unnest(...)}: one statement
 * however many rows, and one plan.
 */
final class ColumnArrays<R> {
  private final PreparedStatement statement;
  private final List<R> rows;
  private int next = 1;

  ColumnArrays(PreparedStatement statement, List<R> rows) {
    this.statement = statement;
    this.rows = rows;
  }

  /** A column of byte strings, which the driver takes in an array of their own kind only. */
  ColumnArrays<R> bytes(Function<R, byte[]> value) throws SQLException {
    byte[][] values = new byte[rows.size()][];
    for (int i = 0; i < values.length; i++) {
      values[i] = value.apply(rows.get(i));
    }
    statement.setArray(next++, statement.getConnection().createArrayOf("bytea", values));
    return this;
  }

  /**
   * A column of times, as text that names its zone: the driver would write them in the JVM's, where
   * each autumn an hour comes twice.
   */
  ColumnArrays<R> times(Function<R, @Nullable Instant> value) throws SQLException {
    return column(
        "timestamptz",
        row -> {
          Instant time = value.apply(row);
          return time == null ? null : time.toString();
        });
  }

  ColumnArrays<R> column(String sqlType, Function<R, @Nullable Object> value) throws SQLException {
    Connection connection = statement.getConnection();
    @Nullable Object[] values = new @Nullable Object[rows.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = value.apply(rows.get(i));
    }
    statement.setArray(next++, connection.createArrayOf(sqlType, values));
    return this;
  }
}
