package io.pulsegrid.node.store.ledger;

import io.pulsegrid.core.time.Resolved;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/** What a post's time came to on each of its channels, as the ledger keeps it. */
final class ResolvedJson {
  private static final JsonMapper JSON = JsonMapper.shared();

  private ResolvedJson() {}

  /** Null where one holds for all channels: its columns say it. */
  static @Nullable String write(List<Resolved> resolved) {
    if (resolved.size() == 1) {
      return null;
    }
    ArrayNode each = JSON.createArrayNode();
    for (Resolved one : resolved) {
      each.addObject()
          .put("local", one.local().toString())
          .put("zone", one.zone().getId())
          .put("at", one.instant().toString())
          .put("adjustment", one.adjustment().name());
    }
    return JSON.writeValueAsString(each);
  }

  static List<Resolved> read(String json) {
    List<Resolved> resolved = new ArrayList<>();
    for (JsonNode one : JSON.readTree(json)) {
      resolved.add(
          new Resolved(
              LocalDateTime.parse(one.get("local").asString()),
              ZoneId.of(one.get("zone").asString()),
              Instant.parse(one.get("at").asString()),
              Resolved.Adjustment.valueOf(one.get("adjustment").asString())));
    }
    return resolved;
  }
}
