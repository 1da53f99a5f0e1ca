package io.pulsegrid.node.launch;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The trends that a stream of events tells of: a line for each one that emerges, and when it rises.
 * Safe for two threads, one that tells and one that asks.
 */
final class EmergingTrends {
  private static final String DATA = "data:";
  private static final int MOST = 20_000;

  private final long minPosts;
  private final Map<String, JsonNode> told = new LinkedHashMap<>();
  private long events;

  /**
   * @param minPosts smaller ones are not told
   */
  EmergingTrends(long minPosts) {
    this.minPosts = minPosts;
  }

  /** What a line of the stream gives to say, if anything. */
  synchronized Optional<String> line(String line) {
    JsonNode trend = line.startsWith(DATA) ? parsed(line.substring(DATA.length())) : null;
    if (trend == null || !trend.has("state")) {
      return Optional.empty();
    }
    events++;
    String state = trend.path("state").asString();
    JsonNode before = told.get(id(trend));
    boolean rises = state.equals("EMERGING") || state.equals("RISING");
    if (before == null && (!rises || posts(trend) < minPosts || told.size() >= MOST)) {
      return Optional.empty();
    }
    told.put(id(trend), trend);
    boolean news =
        before == null
            || (state.equals("RISING") && !before.path("state").asString().equals(state));
    return news ? Optional.of(shown(trend)) : Optional.empty();
  }

  /** How many lines told of a trend: it stands still when nothing comes any more. */
  synchronized long events() {
    return events;
  }

  synchronized int size() {
    return told.size();
  }

  /** Those with the most posts, as they stand now. */
  synchronized List<String> largest(int most) {
    return told.values().stream()
        .sorted(Comparator.comparingLong(EmergingTrends::posts).reversed())
        .limit(most)
        .map(EmergingTrends::shown)
        .toList();
  }

  private static String shown(JsonNode trend) {
    return String.format(
        Locale.ROOT,
        "%-8s  %s  %s (%,d posts, score %.1f)",
        trend.path("state").asString(),
        since(trend),
        trend.path("label").asString(),
        posts(trend),
        trend.path("score").asDouble());
  }

  /** When it entered the state that it is in. */
  private static Instant since(JsonNode trend) {
    Instant since = Instant.parse(trend.path("lastSeen").asString());
    for (JsonNode turn : trend.path("history")) {
      if (turn.path("state").asString("").equals(trend.path("state").asString())) {
        since = Instant.parse(turn.path("at").asString());
      }
    }
    return since.truncatedTo(ChronoUnit.SECONDS);
  }

  private static String id(JsonNode trend) {
    return trend.path("id").asString();
  }

  private static long posts(JsonNode trend) {
    return trend.path("postCount").asLong();
  }

  private static @Nullable JsonNode parsed(String json) {
    try {
      return JsonMapper.shared().readTree(json);
    } catch (JacksonException cutOff) {
      return null;
    }
  }
}
