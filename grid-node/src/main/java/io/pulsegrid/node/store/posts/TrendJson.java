package io.pulsegrid.node.store.posts;

import io.pulsegrid.core.access.WorkspaceId;
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

/** Trends in JSON columns, as a whole and in parts. */
public final class TrendJson {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private TrendJson() {}

  /** A trend as it stands, for a row that is told later. */
  public static String whole(Trend trend) {
    Trend.Wording wording = trend.wording();
    ObjectNode node =
        JSON.createObjectNode()
            .put("id", trend.id().value())
            .put("label", wording.label())
            .put("summary", wording.summary())
            .put("state", trend.state().name())
            .put("score", trend.score())
            .put("postCount", trend.postCount())
            .put("firstSeen", trend.firstSeen().toString())
            .put("lastSeen", trend.lastSeen().toString());
    ArrayNode keywords = node.putArray("keywords");
    wording.keywords().forEach(keywords::add);
    node.set("platforms", JSON.valueToTree(new TreeMap<>(trend.platforms())));
    node.set("history", historyOf(trend));
    String evidence = evidence(trend);
    if (evidence != null) {
      node.set("evidence", JSON.readTree(evidence));
    }
    return JSON.writeValueAsString(node);
  }

  /** What {@link #whole(Trend)} wrote. */
  public static Trend whole(WorkspaceId workspace, String json) {
    JsonNode node = JSON.readTree(json);
    List<String> keywords = new ArrayList<>();
    node.path("keywords").forEach(word -> keywords.add(word.asString()));
    return new Trend(
        new TrendId(node.path("id").asString()),
        workspace,
        new Trend.Wording(node.path("label").asString(), keywords, node.path("summary").asString()),
        TrendState.valueOf(node.path("state").asString()),
        node.path("score").asDouble(),
        node.path("postCount").asLong(),
        platforms(node.path("platforms")),
        Instant.parse(node.path("firstSeen").asString()),
        Instant.parse(node.path("lastSeen").asString()),
        history(node.path("history")),
        node.has("evidence") ? evidence(node.path("evidence")) : null);
  }

  static String platforms(Trend trend) {
    return JSON.writeValueAsString(new TreeMap<>(trend.platforms()));
  }

  static Map<String, Long> platforms(String json) {
    return platforms(JSON.readTree(json));
  }

  private static Map<String, Long> platforms(JsonNode json) {
    Map<String, Long> counts = new TreeMap<>();
    json.properties().forEach(p -> counts.put(p.getKey(), p.getValue().asLong()));
    return counts;
  }

  static String history(Trend trend) {
    return JSON.writeValueAsString(historyOf(trend));
  }

  private static ArrayNode historyOf(Trend trend) {
    ArrayNode history = JSON.createArrayNode();
    for (Trend.Moment moment : trend.history()) {
      ObjectNode node = history.addObject().put("at", moment.at().toString());
      switch (moment) {
        case Trend.Moment.Entered entered -> node.put("state", entered.state().name());
        case Trend.Moment.Merged merged -> {
          ArrayNode from = node.put("event", "merged").putArray("from");
          merged.from().forEach(id -> from.add(id.value()));
        }
        case Trend.Moment.SplitInto split ->
            node.put("event", "split").putArray("into").add(split.part().value());
        case Trend.Moment.SplitFrom split ->
            node.put("event", "split").putArray("from").add(split.whole().value());
      }
    }
    return history;
  }

  static List<Trend.Moment> history(String json) {
    return history(JSON.readTree(json));
  }

  private static List<Trend.Moment> history(JsonNode moments) {
    List<Trend.Moment> history = new ArrayList<>();
    for (JsonNode node : moments) {
      Instant at = Instant.parse(node.get("at").asString());
      if (node.has("state")) {
        history.add(new Trend.Moment.Entered(TrendState.valueOf(node.get("state").asString()), at));
      } else if (node.has("into")) {
        history.add(new Trend.Moment.SplitInto(ids(node, "into").getFirst(), at));
      } else {
        List<TrendId> from = ids(node, "from");
        history.add(
            node.get("event").asString().equals("split")
                ? new Trend.Moment.SplitFrom(from.getFirst(), at)
                : new Trend.Moment.Merged(from, at));
      }
    }
    return history;
  }

  private static List<TrendId> ids(JsonNode moment, String field) {
    List<TrendId> ids = new ArrayList<>();
    moment.get(field).forEach(id -> ids.add(new TrendId(id.asString())));
    return ids;
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
    return json == null ? null : evidence(JSON.readTree(json));
  }

  private static Evidence evidence(JsonNode node) {
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
