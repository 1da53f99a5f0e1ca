package io.pulsegrid.distribution;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** The expressions of dashboards and alert rules, and the metrics that they name. */
final class Expressions {
  private static final Pattern TEXT = Pattern.compile("\"[^\"]*\"");
  private static final Pattern LABELS =
      Pattern.compile("\\{[^}]*}|\\b(by|on|without|ignoring) *\\([^)]*\\)|\\[[^]]*]");
  // A metric's name has an underscore; the only one of Prometheus' own that has none is "up".
  private static final Pattern NAME = Pattern.compile("\\b[a-z][a-z0-9]*(_[a-z0-9]+)+\\b(?! *\\()");

  /** Made by Prometheus itself, of prices.yml. */
  private static final String PRICE = "pulsegrid_price_";

  private Expressions() {}

  static Set<String> metrics() {
    Set<String> found = new TreeSet<>();
    for (var board : Sources.files("config/grafana/dashboards", ".json")) {
      Sources.json(board)
          .path("panels")
          .forEach(
              panel ->
                  panel
                      .path("targets")
                      .forEach(target -> collect(target.path("expr").stringValue(), found)));
    }
    for (JsonNode group : rules("alerts.yml").path("groups")) {
      group.path("rules").forEach(rule -> collect(rule.path("expr").stringValue(), found));
    }
    found.removeIf(name -> name.startsWith(PRICE));
    return found;
  }

  static JsonNode rules(String file) {
    return Sources.yaml(Sources.file("config/prometheus").resolve(file)).getFirst();
  }

  static void collect(String expression, Set<String> found) {
    String bare = LABELS.matcher(TEXT.matcher(expression).replaceAll("\"\"")).replaceAll(" ");
    Matcher names = NAME.matcher(bare);
    while (names.find()) {
      found.add(names.group());
    }
  }
}
