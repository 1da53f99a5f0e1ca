package io.pulsegrid.connectors.file;

import io.pulsegrid.core.failure.PulsegridException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * CSV with a header, which also tells the separator: the one by which most of its names mean
 * something, else the one that gives most names.
 */
final class CsvFormat implements LineFormat {
  /** What may stand between fields, the usual one first. */
  static final String SEPARATORS = ",;\t";

  private final char separator;
  private final List<Optional<Field>> fields = new ArrayList<>();

  /**
   * @throws PulsegridException {@code INVALID} for a header with which no line could be taken
   */
  CsvFormat(String header, Columns columns, @Nullable String defaultPlatform) {
    separator = separator(header, columns);
    List<String> written;
    try {
      written = names(header, separator);
    } catch (CsvRecord.BrokenException broken) {
      throw PulsegridException.invalid("header", String.valueOf(broken.getMessage()));
    }
    List<String> names = columns.spelled(written);
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
    require(present.contains(Field.NATIVE_ID), Field.NATIVE_ID, written);
    require(present.contains(Field.TITLE) || present.contains(Field.TEXT), Field.TEXT, written);
    require(defaultPlatform != null || present.contains(Field.PLATFORM), Field.PLATFORM, written);
  }

  char separator() {
    return separator;
  }

  private static char separator(String header, Columns columns) {
    char best = SEPARATORS.charAt(0);
    int mostMeant = 0;
    int mostNames = 0;
    for (int i = 0; i < SEPARATORS.length(); i++) {
      char candidate = SEPARATORS.charAt(i);
      try {
        List<String> names = names(header, candidate);
        int meant = columns.meant(names);
        if (meant > mostMeant || (meant == mostMeant && names.size() > mostNames)) {
          best = candidate;
          mostMeant = meant;
          mostNames = names.size();
        }
      } catch (CsvRecord.BrokenException broken) {
        // Quoted fields end elsewhere: it is not this one, or the header is broken by any.
      }
    }
    return best;
  }

  private static List<String> names(String header, char separator)
      throws CsvRecord.BrokenException {
    return CsvRecord.fields(header, separator).stream().map(String::strip).toList();
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
      values = CsvRecord.fields(line, separator);
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
