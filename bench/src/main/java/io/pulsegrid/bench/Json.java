package io.pulsegrid.bench;

import java.util.Locale;

/** The two kinds of JSON value that a bench writes. */
final class Json {
  private Json() {}

  static String text(String value) {
    StringBuilder text = new StringBuilder("\"");
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        text.append('\\').append(c);
      } else if (c < ' ') {
        text.append(String.format("\\u%04x", (int) c));
      } else {
        text.append(c);
      }
    }
    return text.append('"').toString();
  }

  /** A number with what digits it needs, six decimals at most; null for one without end. */
  static String number(double value) {
    if (!Double.isFinite(value)) {
      return "null";
    }
    String digits = String.format(Locale.ROOT, "%.6f", value);
    return digits.replaceAll("0+$", "").replaceAll("\\.$", "");
  }
}
