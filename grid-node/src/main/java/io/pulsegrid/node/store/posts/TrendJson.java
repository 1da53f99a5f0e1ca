package io.pulsegrid.node.store.posts;

import io.pulsegrid.core.trend.Evidence;
import io.pulsegrid.core.trend.Trend;
import io.pulsegrid.core.trend.TrendId;
import io.pulsegrid.core.trend.TrendState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The JSON columns of a trend. */
final class TrendJson {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private TrendJson() {}

  static String platforms(Trend trend) {
    return JSON.writeValueAsString(new TreeMap<>(trend.platforms()));
  }

  static Map<String, Long> platforms(String json) {
    Map<String, Long> counts = new TreeMap<>();
    JSON.readTree(json).properties().forEach(p -> counts.put(p.getKey(), p.getValue().asLong()));
    return counts;
  }

  static String history(Trend trend) {
    ArrayNode history = JSON.createArrayNode();
    for (Trend.Moment moment : trend.history()) {
      ObjectNode node = history.addObject().put("at", moment.at().toString());
      switch (moment) {
        case Trend.Moment.Entered entered -> node.put("state", entered.state().name());
        case Trend.Moment.Merged merged -> {
          ArrayNode from = node.put("event", "merged").putArray("from");
          merged.from().forEach(id -> from.add(id.value()));
        }
      }
    }
    return JSON.writeValueAsString(history);
  }

  static List<Trend.Moment> history(String json) {
    List<Trend.Moment> history = new ArrayList<>();
    for (JsonNode node : JSON.readTree(json)) {
      Instant at = Instant.parse(node.get("at").asString());
      if (node.has("state")) {
        history.add(new Trend.Moment.Entered(TrendState.valueOf(node.get("state").asString()), at));
      } else {
        List<TrendId> from = new ArrayList<>();
        node.get("from").forEach(id -> from.add(new TrendId(id.asString())));
        history.add(new Trend.Moment.Merged(from, at));
      }
    }
    return history;
  }

  static @Nullable String evidence(Trend trend) {
    Evidence evidence = trend.evidence();
    if (evidence == null) {
      return null;
    }
    ObjectNode node =
        JSON.createObjectNode()
            .put("at", evidence.at().toString())
            .put("hourNow", evidence.hourNow())
            .put("rate", evidence.rate())
            .put("usual", evidence.usual());
    ArrayNode hourly = node.putArray("hourly");
    evidence.hourly().forEach(hourly::add);
    return JSON.writeValueAsString(node);
  }

  static @Nullable Evidence evidence(@Nullable String json) {
    if (json == null) {
      return null;
    }
    JsonNode node = JSON.readTree(json);
    List<Long> hourly = new ArrayList<>();
    node.get("hourly").forEach(count -> hourly.add(count.asLong()));
    return new Evidence(
        Instant.parse(node.get("at").asString()),
        hourly,
        node.get("hourNow").asLong(),
        node.get("rate").asDouble(),
        node.get("usual").asDouble());
  }
}
