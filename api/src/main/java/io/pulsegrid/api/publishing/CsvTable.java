package io.pulsegrid.api.publishing;

import io.pulsegrid.core.failure.PulsegridException;
import java.util.ArrayList;
import java.util.List;

/**
 * A CSV (RFC 4180) taken apart: fields may be quoted and then hold separators, quotes and line
 * breaks. Empty lines are no rows.
 *
 * @param header the column names
 */
record CsvTable(List<String> header, List<Row> rows) {
  private static final char QUOTE = '"';

  /**
   * One row.
   *
   * @param line where it begins in the file, counted from 1
   */
  record Row(int line, List<String> fields) {}

  /**
   * Reads a file.
   *
   * @throws PulsegridException {@code INVALID} if it is empty or a quote is never closed
   */
  static CsvTable read(String text) {
    List<Row> rows = new Reader(text).rows();
    if (rows.isEmpty()) {
      throw PulsegridException.invalid("header", "is missing: the first line names the columns");
    }
    List<String> header = rows.getFirst().fields().stream().map(String::strip).toList();
    return new CsvTable(header, rows.subList(1, rows.size()));
  }

  /** One pass over the text. */
  private static final class Reader {
    private final String text;
    private int at;
    private int line = 1;

    Reader(String text) {
      // A byte order mark, as spreadsheets write it.
      this.text = text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    List<Row> rows() {
      List<Row> rows = new ArrayList<>();
      while (at < text.length()) {
        int begins = line;
        List<String> fields = row();
        if (fields.size() > 1 || !fields.getFirst().isBlank()) {
          rows.add(new Row(begins, fields));
        }
      }
      return rows;
    }

    private List<String> row() {
      List<String> fields = new ArrayList<>();
      while (true) {
        fields.add(at < text.length() && text.charAt(at) == QUOTE ? quoted() : bare());
        if (at < text.length() && text.charAt(at) == ',') {
          at++;
        } else {
          endLine();
          return fields;
        }
      }
    }

    private String bare() {
      int from = at;
      while (at < text.length() && ",\r\n".indexOf(text.charAt(at)) < 0) {
        at++;
      }
      return text.substring(from, at);
    }

    private String quoted() {
      int opened = line;
      StringBuilder field = new StringBuilder();
      for (at++; at < text.length(); at++) {
        char c = text.charAt(at);
        if (c != QUOTE) {
          line += c == '\n' ? 1 : 0;
          field.append(c);
        } else if (at + 1 < text.length() && text.charAt(at + 1) == QUOTE) {
          field.append(QUOTE);
          at++;
        } else {
          at++;
          // What follows the closing quote, if anything does, belongs to the field all the same.
          return field + bare();
        }
      }
      throw PulsegridException.invalid("line " + opened, "a quote is never closed");
    }

    private void endLine() {
      if (at < text.length() && text.charAt(at) == '\r') {
        at++;
      }
      if (at < text.length() && text.charAt(at) == '\n') {
        at++;
      }
      line++;
    }
  }
}
