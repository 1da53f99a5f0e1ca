package io.pulsegrid.connectors.file;

import java.util.ArrayList;
import java.util.List;

/** One CSV record (RFC 4180, or with another separator) taken apart. */
final class CsvRecord {
  private CsvRecord() {}

  /** A record that breaks the rules of quoting, said in one sentence. */
  static final class BrokenException extends Exception {
    private static final long serialVersionUID = 1L;

    BrokenException(String message) {
      super(message, null, false, false);
    }
  }

  /**
   * The fields of a record. Quotes around a field are dropped and doubled ones within it halved; a
   * quote in the middle of a bare field is an ordinary character, as careless writers mean it.
   */
  static List<String> fields(String record, char separator) throws BrokenException {
    List<String> fields = new ArrayList<>();
    int at = 0;
    while (true) {
      if (at < record.length() && record.charAt(at) == '"') {
        StringBuilder field = new StringBuilder();
        at = quoted(record, at + 1, field);
        fields.add(field.toString());
        if (at < record.length() && record.charAt(at) != separator) {
          throw new BrokenException(
              "field " + fields.size() + " goes on after its closing quote; double quotes within");
        }
      } else {
        int end = record.indexOf(separator, at);
        end = end < 0 ? record.length() : end;
        fields.add(record.substring(at, end));
        at = end;
      }
      if (at >= record.length()) {
        return fields;
      }
      at++;
    }
  }

  /** Where the quoted field that starts at {@code at} ends, behind its closing quote. */
  private static int quoted(String record, int at, StringBuilder field) throws BrokenException {
    int from = at;
    while (true) {
      int quote = record.indexOf('"', from);
      if (quote < 0) {
        throw new BrokenException("a quote is never closed");
      }
      field.append(record, from, quote);
      if (quote + 1 < record.length() && record.charAt(quote + 1) == '"') {
        field.append('"');
        from = quote + 2;
      } else {
        return quote + 1;
      }
    }
  }
}
