package io.pulsegrid.chaos.judge;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What arrived at the stand-in platforms, by its text, each with the instants it came at. */
public record Arrivals(Map<String, List<Instant>> byText) {
  public Arrivals {
    byText = Map.copyOf(byText);
  }

  /** The ledger as it stands now. */
  public static Arrivals at(URI sim) throws IOException {
    return new Arrivals(
        items(sim, "ledger")
            .valueStream()
            .collect(
                Collectors.groupingBy(
                    item -> item.path("text").asString(""),
                    Collectors.mapping(
                        item -> Instant.parse(item.path("at").asString("")),
                        Collectors.toList()))));
  }

  /** The platforms' own ids of what arrived, by its text. */
  static Map<String, List<String>> idsByText(URI sim) throws IOException {
    return items(sim, "ledger")
        .valueStream()
        .collect(
            Collectors.groupingBy(
                item -> item.path("text").asString(""),
                Collectors.mapping(item -> item.path("id").asString(""), Collectors.toList())));
  }

  /** How many calls have been one too many. */
  public static int violations(URI sim) throws IOException {
    return items(sim, "violations").size();
  }

  public boolean has(String text) {
    return byText.containsKey(text);
  }

  /** When it came first; it must have come. */
  public Instant first(String text) {
    return byText.getOrDefault(text, List.of()).stream()
        .min(Comparator.naturalOrder())
        .orElseThrow();
  }

  /** The texts that came more than once. */
  public List<String> doubled() {
    return byText.entrySet().stream()
        .filter(entry -> entry.getValue().size() > 1)
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  private static JsonNode items(URI sim, String what) throws IOException {
    try (InputStream in = sim.resolve("/sim/" + what).toURL().openStream()) {
      return JsonMapper.shared().readTree(in).path("items");
    }
  }
}
