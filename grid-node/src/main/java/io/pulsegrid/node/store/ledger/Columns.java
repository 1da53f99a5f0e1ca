package io.pulsegrid.node.store.ledger;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A batch turned on its side: one Postgres array a column, in the order a statement unnests them.
 */
final class Columns<T> {
  private final List<T> rows;
  private final List<Column> columns = new ArrayList<>();

  private record Column(String type, List<@Nullable String> values) {}

  private Columns(List<T> rows) {
    this.rows = rows;
  }

  static <T> Columns<T> of(List<T> rows) {
    return new Columns<>(rows);
  }

  Columns<T> text(Function<T, @Nullable String> value) {
    return add("text", value);
  }

  Columns<T> number(ToLongFunction<T> value) {
    return add("bigint", row -> Long.toString(value.applyAsLong(row)));
  }

  Columns<T> flag(Predicate<T> value) {
    return add("boolean", row -> Boolean.toString(value.test(row)));
  }

  /** Cut to what Postgres keeps, so that it never rounds an instant into the future. */
  Columns<T> instant(Function<T, @Nullable Instant> value) {
    return add(
        "timestamptz",
        row -> {
          Instant instant = value.apply(row);
          return instant == null ? null : instant.truncatedTo(ChronoUnit.MICROS).toString();
        });
  }

  /** Binds every column; answers the index of the parameter that follows. */
  int bind(PreparedStatement statement, int first) throws SQLException {
    int index = first;
    for (Column column : columns) {
      statement.setArray(
          index++,
          statement.getConnection().createArrayOf(column.type(), column.values().toArray()));
    }
    return index;
  }

  private Columns<T> add(String type, Function<T, @Nullable String> value) {
    List<@Nullable String> values = new ArrayList<>(rows.size());
    for (T row : rows) {
      values.add(value.apply(row));
    }
    columns.add(new Column(type, values));
    return this;
  }
}
