package io.pulsegrid.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * The alert rules by the tests beside them, in promtool's format: by promtool where it is there,
 * and always by as much of Prometheus' language as they use.
 */
class AlertsTest {
  private static final Pattern NAMED = Pattern.compile("alertname=\"(\\w+)\"");
  private static final List<Rule> RULES = rules();
  private static final List<JsonNode> CASES = cases();

  /** An alert rule; it fires once its expression gave something in each of so many minutes. */
  record Rule(String name, String expression, int minutes) {
    boolean fires(List<Series> series, int minute) {
      for (int at = minute - minutes; at <= minute; at++) {
        if (Query.at(at, expression, series).isEmpty()) {
          return false;
        }
      }
      return true;
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Rule> alerts() {
    return RULES.stream();
  }

  @ParameterizedTest
  @MethodSource("alerts")
  void firesWhereItIsProvoked(Rule rule) {
    List<JsonNode> provoking =
        CASES.stream().filter(one -> provokes(one).contains(rule.name())).toList();
    assertThat(provoking).as("a case of alerts.test.yml").isNotEmpty();
    for (JsonNode one : provoking) {
      assertThat(rule.fires(series(one), minute(one))).isTrue();
    }
  }

  @Test
  void isSilentWhereAllIsWell() {
    assertThat(CASES.getFirst().path("name").stringValue()).isEqualTo("healthy");
    for (JsonNode quiet : CASES.stream().filter(one -> provokes(one).isEmpty()).toList()) {
      assertThat(RULES)
          .as(quiet.path("name").stringValue())
          .noneMatch(rule -> !Query.at(minute(quiet), rule.expression(), series(quiet)).isEmpty());
    }
  }

  @Test
  void theHealthyGridHasEveryMetricOfTheRules() {
    Set<String> given = new TreeSet<>();
    series(CASES.getFirst()).forEach(one -> given.add(one.labels().get(Series.NAME)));
    Set<String> named = new TreeSet<>();
    RULES.forEach(rule -> Expressions.collect(rule.expression(), named));

    assertThat(given).containsAll(named);
  }

  @Test
  void saysWhatToDo() {
    for (JsonNode rule : each(Expressions.rules("alerts.yml").path("groups"), "rules")) {
      assertThat(rule.at("/annotations/summary").stringValue()).isNotBlank();
      assertThat(rule.at("/annotations/remedy").stringValue()).isNotBlank();
      assertThat(rule.at("/labels/severity").stringValue()).isIn("info", "warning", "critical");
    }
  }

  @Test
  void promtoolAgrees() throws IOException, InterruptedException {
    assumeTrue(ended("promtool", "--version") == 0, "promtool is not here");

    assertThat(ended("promtool", "check", "rules", "alerts.yml", "prices.yml")).isZero();
    assertThat(ended("promtool", "test", "rules", "alerts.test.yml")).isZero();
  }

  private static int ended(String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(command)
          .directory(Sources.file("config/prometheus").toFile())
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (IOException e) {
      return -1;
    }
  }

  private static List<Rule> rules() {
    List<Rule> found = new ArrayList<>();
    for (JsonNode rule : each(Expressions.rules("alerts.yml").path("groups"), "rules")) {
      found.add(
          new Rule(
              rule.path("alert").stringValue(),
              rule.path("expr").stringValue(),
              Integer.parseInt(rule.path("for").asString("0m").replace("m", ""))));
    }
    return List.copyOf(found);
  }

  private static List<JsonNode> cases() {
    List<JsonNode> found = new ArrayList<>();
    Expressions.rules("alerts.test.yml").path("tests").forEach(found::add);
    return List.copyOf(found);
  }

  private static List<JsonNode> each(JsonNode groups, String what) {
    List<JsonNode> found = new ArrayList<>();
    groups.forEach(group -> group.path(what).forEach(found::add));
    return found;
  }

  private static Set<String> provokes(JsonNode one) {
    Set<String> names = new TreeSet<>();
    for (JsonNode test : one.path("promql_expr_test")) {
      Matcher named = NAMED.matcher(test.path("expr").stringValue());
      if (named.find()) {
        names.add(named.group(1));
      }
    }
    return names;
  }

  private static int minute(JsonNode one) {
    String written = one.path("promql_expr_test").get(0).path("eval_time").stringValue();
    return Integer.parseInt(written.replace("m", ""));
  }

  private static List<Series> series(JsonNode one) {
    List<Series> given = new ArrayList<>();
    for (JsonNode input : one.path("input_series")) {
      given.add(Series.of(input.path("series").stringValue(), input.path("values").asString()));
    }
    return given;
  }
}
