package io.pulsegrid.distribution;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleBinaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * As much of Prometheus' language as our alert rules use, over series of one value a minute. It is
 * no Prometheus: counters are not extrapolated, and a part that it does not know fails the test.
 */
final class Query {
  private static final Pattern TOKEN =
      Pattern.compile(
          "\\s*([a-z_][a-z0-9_]*(?:\\{[^}]*})?|\\d+(?:\\.\\d+)?|[<>!=]=|\\[\\d+[mh]]|[-+*/<>(),])");
  private static final Set<String> AGGREGATIONS = Set.of("sum", "max", "min", "count");
  private static final Set<String> COMPARISONS = Set.of("<", ">", "<=", ">=", "==", "!=");

  private final List<String> tokens = new ArrayList<>();
  private final List<Series> series;
  private final int minute;
  private int next;

  private Query(String expression, List<Series> series, int minute) {
    Matcher token = TOKEN.matcher(expression);
    int end = 0;
    while (token.find() && token.start() == end) {
      tokens.add(token.group(1));
      end = token.end();
    }
    if (!expression.substring(end).isBlank()) {
      throw new AssertionError("not understood: " + expression.substring(end));
    }
    this.series = series;
    this.minute = minute;
  }

  /** What an expression gives at a minute, by label sets; a scalar has none. */
  static Map<Map<String, String>, Double> at(int minute, String expression, List<Series> series) {
    Query query = new Query(expression, series, minute);
    Map<Map<String, String>, Double> result = query.either();
    if (query.next != query.tokens.size()) {
      throw new AssertionError("not understood from " + query.tokens.get(query.next));
    }
    return result;
  }

  private Map<Map<String, String>, Double> either() {
    var left = both();
    while (takes("or")) {
      var right = both();
      var union = new HashMap<>(right);
      union.putAll(left);
      left = union;
    }
    return left;
  }

  private Map<Map<String, String>, Double> both() {
    var left = comparison();
    while (takes("and")) {
      var right = comparison();
      left = new HashMap<>(left);
      left.keySet().retainAll(right.keySet());
    }
    return left;
  }

  private Map<Map<String, String>, Double> comparison() {
    var left = sum();
    if (next == tokens.size() || !COMPARISONS.contains(tokens.get(next))) {
      return left;
    }
    String operator = tokens.get(next++);
    return joined(left, sum(), (a, b) -> holds(operator, a, b) ? a : Double.NaN);
  }

  private static boolean holds(String operator, double a, double b) {
    return switch (operator) {
      case "<" -> a < b;
      case ">" -> a > b;
      case "<=" -> a <= b;
      case ">=" -> a >= b;
      case "==" -> a == b;
      default -> a != b;
    };
  }

  private Map<Map<String, String>, Double> sum() {
    var left = product();
    while (true) {
      if (takes("+")) {
        left = joined(left, product(), Double::sum);
      } else if (takes("-")) {
        left = joined(left, product(), (a, b) -> a - b);
      } else {
        return left;
      }
    }
  }

  private Map<Map<String, String>, Double> product() {
    var left = part();
    while (true) {
      if (takes("*")) {
        left = joined(left, part(), (a, b) -> a * b);
      } else if (takes("/")) {
        left = joined(left, part(), (a, b) -> a / b);
      } else {
        return left;
      }
    }
  }

  private Map<Map<String, String>, Double> part() {
    String token = tokens.get(next++);
    if (token.equals("(")) {
      return closed();
    }
    if (Character.isDigit(token.charAt(0))) {
      return Map.of(Map.of(), Double.parseDouble(token));
    }
    if (AGGREGATIONS.contains(token)) {
      return aggregated(token);
    }
    return switch (token) {
      case "abs" -> each(Math::abs);
      case "floor" -> each(Math::floor);
      case "increase", "rate" -> risen(token);
      default -> selected(token);
    };
  }

  private Map<Map<String, String>, Double> closed() {
    var inner = either();
    if (!takes(")")) {
      throw new AssertionError("a parenthesis is not closed");
    }
    return inner;
  }

  private Map<Map<String, String>, Double> each(java.util.function.DoubleUnaryOperator function) {
    next++;
    var result = new HashMap<Map<String, String>, Double>();
    closed().forEach((labels, value) -> result.put(labels, function.applyAsDouble(value)));
    return result;
  }

  private Map<Map<String, String>, Double> aggregated(String how) {
    List<String> by = new ArrayList<>();
    if (takes("by")) {
      next++;
      while (!takes(")")) {
        by.add(tokens.get(next++));
        boolean _ = takes(",");
      }
    }
    next++;
    var result = new HashMap<Map<String, String>, Double>();
    closed()
        .forEach(
            (labels, value) -> {
              var group = new HashMap<>(labels);
              group.keySet().retainAll(by);
              result.merge(
                  Map.copyOf(group),
                  how.equals("count") ? Double.valueOf(1) : value,
                  switch (how) {
                    case "max" -> Math::max;
                    case "min" -> Math::min;
                    default -> Double::sum;
                  });
            });
    return result;
  }

  private Map<Map<String, String>, Double> risen(String how) {
    next++;
    String selector = tokens.get(next++);
    String range = tokens.get(next++);
    int minutes = Integer.parseInt(range.substring(1, range.length() - 2));
    minutes *= range.endsWith("h]") ? 60 : 1;
    next++;
    var result = new HashMap<Map<String, String>, Double>();
    for (Series one : matching(selector)) {
      double rise = one.rise(minute, minutes);
      result.put(nameless(one), how.equals("rate") ? rise / (60.0 * minutes) : rise);
    }
    return result;
  }

  private Map<Map<String, String>, Double> selected(String selector) {
    var result = new HashMap<Map<String, String>, Double>();
    for (Series one : matching(selector)) {
      if (!Double.isNaN(one.at(minute))) {
        result.put(nameless(one), one.at(minute));
      }
    }
    return result;
  }

  private List<Series> matching(String selector) {
    var wanted = Series.labels(selector);
    return series.stream()
        .filter(one -> one.labels().entrySet().containsAll(wanted.entrySet()))
        .toList();
  }

  private static Map<String, String> nameless(Series one) {
    var labels = new HashMap<>(one.labels());
    labels.remove(Series.NAME);
    return Map.copyOf(labels);
  }

  /** One value with each, or those of equal labels; what is no number is left out. */
  private static Map<Map<String, String>, Double> joined(
      Map<Map<String, String>, Double> left,
      Map<Map<String, String>, Double> right,
      DoubleBinaryOperator operator) {
    var result = new HashMap<Map<String, String>, Double>();
    left.forEach(
        (labels, value) -> {
          Double other = right.getOrDefault(labels, right.get(Map.of()));
          if (other != null) {
            result.put(labels, operator.applyAsDouble(value, other));
          }
        });
    result.values().removeIf(value -> value.isNaN());
    return result;
  }

  private boolean takes(String token) {
    if (next < tokens.size() && tokens.get(next).equals(token)) {
      next++;
      return true;
    }
    return false;
  }
}
