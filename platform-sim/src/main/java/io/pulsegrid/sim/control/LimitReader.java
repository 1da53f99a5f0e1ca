package io.pulsegrid.sim.control;

import io.pulsegrid.sim.http.RequestRefused;
import io.pulsegrid.sim.judge.LimitRule;
import io.pulsegrid.sim.judge.Limits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Limits as {@code PUT /sim/limits} brings them: for each platform {@code {limit, windowSeconds,
 * action, shared}} or a list of these. Several for one action all hold; the action is {@code
 * publish} unless named; a shared one counts all accounts together.
 */
final class LimitReader {
  private static final Set<String> FIELDS = Set.of("limit", "windowSeconds", "action", "shared");

  private LimitReader() {}

  static Map<Limits.Action, List<LimitRule>> read(JsonNode json, Set<Limits.Action> known) {
    require(json.isObject(), "limits must be {platform: {limit, windowSeconds}}, was " + json);
    Map<Limits.Action, List<LimitRule>> rules = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> platform : json.properties()) {
      List<JsonNode> given =
          platform.getValue().isArray()
              ? List.copyOf(platform.getValue().values())
              : List.of(platform.getValue());
      require(!given.isEmpty(), platform.getKey() + " must have at least one limit");
      for (JsonNode one : given) {
        add(rules, platform.getKey(), one, known);
      }
    }
    return rules;
  }

  private static void add(
      Map<Limits.Action, List<LimitRule>> rules,
      String platform,
      JsonNode json,
      Set<Limits.Action> known) {
    require(json.isObject(), platform + " must be {limit, windowSeconds}, was " + json);
    for (String field : json.propertyNames()) {
      require(FIELDS.contains(field), platform + "." + field + " is unknown; known: " + FIELDS);
    }
    var action = new Limits.Action(platform, json.path("action").asString("publish"));
    require(known.contains(action), "no limit on " + action + "; known: " + known);
    int limit = number(json, "limit", platform, 0);
    int seconds = number(json, "windowSeconds", platform, 1);
    JsonNode shared = json.path("shared");
    require(
        shared.isMissingNode() || shared.isBoolean(),
        "%s.shared must be true or false, was %s".formatted(platform, shared));
    rules
        .computeIfAbsent(action, _ -> new ArrayList<>())
        .add(new LimitRule(limit, Duration.ofSeconds(seconds), shared.asBoolean(false)));
  }

  private static int number(JsonNode json, String field, String platform, int least) {
    JsonNode value = json.path(field);
    require(
        value.isInt() && value.intValue() >= least,
        "%s.%s must be a whole number from %d, was %s"
            .formatted(platform, field, least, value.isMissingNode() ? "absent" : value));
    return value.intValue();
  }

  private static void require(boolean right, String message) {
    if (!right) {
      throw new RequestRefused(400, message);
    }
  }
}
