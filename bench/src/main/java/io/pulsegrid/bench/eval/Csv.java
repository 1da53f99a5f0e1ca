package io.pulsegrid.bench.eval;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Comma-separated rows as public data sets write them: quotes doubled, line breaks inside. */
final class Csv {
  private Csv() {}

  /** All rows but the header. */
  static List<List<String>> rows(Path file) throws IOException {
    List<List<String>> rows = parse(Files.readString(file));
    return rows.isEmpty() ? rows : rows.subList(1, rows.size());
  }

  static List<List<String>> parse(String text) {
    List<List<String>> rows = new ArrayList<>();
    List<String> row = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quoted) {
        if (c != '"') {
          field.append(c);
        } else if (i + 1 < text.length() && text.charAt(i + 1) == '"') {
          field.append('"');
          i++;
        } else {
          quoted = false;
        }
      } else if (c == '"' && field.isEmpty()) {
        quoted = true;
      } else if (c == ',') {
        row.add(field.toString());
        field.setLength(0);
      } else if (c == '\n') {
        end(rows, row, field);
        row = new ArrayList<>();
      } else if (c != '\r') {
        field.append(c);
      }
    }
    if (!field.isEmpty() || !row.isEmpty()) {
      end(rows, row, field);
    }
    return rows;
  }

  private static void end(List<List<String>> rows, List<String> row, StringBuilder field) {
    row.add(field.toString());
    field.setLength(0);
    if (row.size() > 1 || !row.getFirst().isBlank()) {
      rows.add(row);
    }
  }
}
