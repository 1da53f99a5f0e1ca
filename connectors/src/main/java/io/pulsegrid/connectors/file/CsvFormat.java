package io.pulsegrid.connectors.file;

import io.pulsegrid.core.failure.PulsegridException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** CSV with a header. */
final class CsvFormat implements LineFormat {
  private final List<Optional<Field>> fields = new ArrayList<>();

  /**
   * @throws PulsegridException {@code INVALID} for a header with which no line could be taken
   */
  CsvFormat(String header, Columns columns, @Nullable String defaultPlatform) {
    List<String> names;
    try {
      names = CsvRecord.fields(header).stream().map(String::strip).toList();
    } catch (CsvRecord.BrokenException broken) {
      throw PulsegridException.invalid("header", String.valueOf(broken.getMessage()));
    }
    columns.requireAllOf(names);
    Set<String> seen = new HashSet<>();
    Set<Field> present = EnumSet.noneOf(Field.class);
    for (String name : names) {
      Optional<Field> field = columns.field(name);
      if (field.isPresent() && !(seen.add(name) && present.add(field.get()))) {
        throw PulsegridException.invalid(
            "header", "more than one column gives " + field.get().label());
      }
      fields.add(field);
    }
    require(present.contains(Field.NATIVE_ID), Field.NATIVE_ID, names);
    require(present.contains(Field.TITLE) || present.contains(Field.TEXT), Field.TEXT, names);
    require(defaultPlatform != null || present.contains(Field.PLATFORM), Field.PLATFORM, names);
  }

  private static void require(boolean given, Field field, List<String> names) {
    if (given) {
      return;
    }
    String how =
        switch (field) {
          case PLATFORM -> "give platform=, or map a column to platform";
          case TEXT -> "map a column to title or text";
          default -> "map a column to " + field.label();
        };
    throw PulsegridException.invalid(
        field.label(),
        "no column gives it: " + how + "; the header has " + String.join(", ", names));
  }

  @Override
  public void read(String line, Draft draft) {
    List<String> values;
    try {
      values = CsvRecord.fields(line);
    } catch (CsvRecord.BrokenException broken) {
      draft.error(Draft.WHOLE_LINE, String.valueOf(broken.getMessage()));
      return;
    }
    if (values.size() != fields.size()) {
      draft.error(
          Draft.WHOLE_LINE,
          "has " + values.size() + " fields where the header has " + fields.size());
      return;
    }
    for (int i = 0; i < values.size(); i++) {
      if (fields.get(i).isPresent()) {
        draft.put(fields.get(i).get(), values.get(i));
      }
    }
  }
}
