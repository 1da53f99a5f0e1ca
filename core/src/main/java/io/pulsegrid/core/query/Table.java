package io.pulsegrid.core.query;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a query.
 *
 * @param rows their values in the order of the columns: numbers, booleans, text, null
 * @param more whether rows were left out
 */
public record Table(List<Column> columns, List<List<@Nullable Object>> rows, boolean more) {
  public Table {
    columns = List.copyOf(columns);
    rows = Collections.unmodifiableList(new ArrayList<>(rows));
  }

  /** A column as the store names it, with the store's type. */
  public record Column(String name, String type) {}
}
