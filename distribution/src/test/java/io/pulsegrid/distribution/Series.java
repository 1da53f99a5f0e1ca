package io.pulsegrid.distribution;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A series of one value a minute, as promtool's tests write it: {@code 4x33 5x6}, {@code 0+9x40},
 * {@code _x34} where there is none yet.
 */
record Series(Map<String, String> labels, List<Double> values) {
  static final String NAME = "__name__";

  private static final Pattern SELECTOR = Pattern.compile("(\\w+)(?:\\{(.*)})?");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"([^\"]*)\"");
  private static final Pattern VALUES =
      Pattern.compile("(_|-?[\\d.]+)(?:([+-][\\d.]+))?(?:x(\\d+))?");

  static Series of(String selector, String values) {
    return new Series(labels(selector), read(values));
  }

  /** The value at a minute; nothing before the first and after the last. */
  double at(int minute) {
    return minute < 0 || minute >= values.size() ? Double.NaN : values.get(minute);
  }

  /**
   * What a counter rose by in the minutes up to one; a fall is a restart. What it begins with is no
   * rise: nobody saw it lower.
   */
  double rise(int minute, int minutes) {
    double risen = 0;
    for (int at = Math.max(1, minute - minutes + 1); at <= minute; at++) {
      double step = at(at) - at(at - 1);
      if (!Double.isNaN(step)) {
        risen += step >= 0 ? step : at(at);
      }
    }
    return risen;
  }

  static Map<String, String> labels(String selector) {
    Matcher parts = SELECTOR.matcher(selector.strip());
    if (!parts.matches()) {
      throw new AssertionError("no selector: " + selector);
    }
    Map<String, String> labels = new HashMap<>();
    labels.put(NAME, parts.group(1));
    if (parts.group(2) != null) {
      Matcher each = LABEL.matcher(parts.group(2));
      while (each.find()) {
        labels.put(each.group(1), each.group(2));
      }
    }
    return Map.copyOf(labels);
  }

  private static List<Double> read(String written) {
    List<Double> values = new ArrayList<>();
    for (String part : written.strip().split(" +", -1)) {
      Matcher one = VALUES.matcher(part);
      if (!one.matches()) {
        throw new AssertionError("no values: " + part);
      }
      boolean none = one.group(1).equals("_");
      double value = none ? Double.NaN : Double.parseDouble(one.group(1));
      double step = one.group(2) == null ? 0 : Double.parseDouble(one.group(2));
      int more = one.group(3) == null ? 0 : Integer.parseInt(one.group(3));
      // So promtool has it: 4x2 is 4 4 4, but _x2 is _ _.
      int count = none ? Math.max(1, more) : more + 1;
      for (int i = 0; i < count; i++) {
        values.add(value + i * step);
      }
    }
    return List.copyOf(values);
  }
}
