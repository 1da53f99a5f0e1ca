package io.pulsegrid.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a bench found.
 *
 * @param rows one figure each, by who reached it
 * @param targets what was to be reached
 */
public record Outcome(String bench, List<Row> rows, List<Target> targets) {
  public Outcome {
    rows = List.copyOf(rows);
    targets = List.copyOf(targets);
  }

  public boolean reached() {
    return targets.stream().allMatch(Target::reached);
  }

  /** As a person reads it. */
  public String table() {
    List<String> systems =
        rows.stream().flatMap(row -> row.figures().keySet().stream()).distinct().toList();
    int label = rows.stream().mapToInt(row -> row.label().length()).max().orElse(0);
    StringBuilder table = new StringBuilder(String.format("%-" + label + "s", ""));
    systems.forEach(system -> table.append("  ").append(String.format("%14s", system)));
    for (Row row : rows) {
      table.append(String.format("%n%-" + label + "s", row.label()));
      for (String system : systems) {
        Double figure = row.figures().get(system);
        int width = Math.max(14, system.length());
        table.append("  ");
        table.append(
            figure == null
                ? " ".repeat(width)
                : String.format(Locale.ROOT, "%" + width + "." + row.decimals() + "f", figure));
      }
    }
    for (Target target : targets) {
      table.append(
          String.format(
              Locale.ROOT,
              "%n%s  %s: %.3f, wanted %s %s",
              target.reached() ? "reached" : "MISSED ",
              target.label(),
              target.figure(),
              target.atLeast() ? "at least" : "below",
              Json.number(target.bound())));
    }
    return table.toString();
  }

  public String json() {
    String figures = rows.stream().map(Row::json).collect(Collectors.joining(","));
    String wanted = targets.stream().map(Target::json).collect(Collectors.joining(","));
    return "{\"bench\":%s,\"reached\":%s,\"figures\":[%s],\"targets\":[%s]}"
        .formatted(Json.text(bench), reached(), figures, wanted);
  }

  /**
   * One line of the table.
   *
   * @param label what was measured, with its unit
   * @param figures by the name of who reached it
   */
  public record Row(String label, int decimals, Map<String, Double> figures) {
    public Row {
      figures = new LinkedHashMap<>(figures);
    }

    String json() {
      String values =
          figures.entrySet().stream()
              .map(entry -> Json.text(entry.getKey()) + ":" + Json.number(entry.getValue()))
              .collect(Collectors.joining(","));
      return "{\"label\":%s,\"values\":{%s}}".formatted(Json.text(label), values);
    }
  }

  /** A figure and the bound that it should keep: at least that much, or else less than that. */
  public record Target(String label, double figure, boolean atLeast, double bound) {
    public static Target atLeast(String label, double figure, double bound) {
      return new Target(label, figure, true, bound);
    }

    public static Target below(String label, double figure, double bound) {
      return new Target(label, figure, false, bound);
    }

    boolean reached() {
      return atLeast ? figure >= bound : figure < bound;
    }

    String json() {
      return "{\"label\":%s,\"figure\":%s,\"%s\":%s,\"reached\":%s}"
          .formatted(
              Json.text(label),
              Json.number(figure),
              atLeast ? "atLeast" : "below",
              Json.number(bound),
              reached());
    }
  }
}
