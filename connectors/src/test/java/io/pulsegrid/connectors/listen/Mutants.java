package io.pulsegrid.connectors.listen;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A document again and again, each time with one field of it as it should not be. */
final class Mutants {
  private static final JsonNode[] ODDITIES = {
    JsonMapper.shared().nullNode(),
    JsonMapper.shared().readTree("\"\""),
    JsonMapper.shared().readTree("\"2025-13-45T99:00:00Z\""),
    JsonMapper.shared().readTree("-7"),
    JsonMapper.shared().readTree("1e300"),
    JsonMapper.shared().readTree("true"),
    JsonMapper.shared().readTree("[null, 3, [], {\"name\": null}]"),
    JsonMapper.shared().readTree("{\"x\": {}}")
  };

  private Mutants() {}

  /** Those of the part at a pointer: each of its fields absent, and each oddity in its place. */
  static List<JsonNode> of(JsonNode document, String pointer) {
    List<JsonNode> mutants = new ArrayList<>();
    for (String field : fields(document.at(pointer), pointer)) {
      int cut = field.lastIndexOf('/');
      String name = field.substring(cut + 1);
      JsonNode without = document.deepCopy();
      ((ObjectNode) without.at(field.substring(0, cut))).remove(name);
      mutants.add(without);
      for (JsonNode oddity : ODDITIES) {
        JsonNode odd = document.deepCopy();
        ((ObjectNode) odd.at(field.substring(0, cut))).set(name, oddity);
        mutants.add(odd);
      }
    }
    return mutants;
  }

  /** Names with signs that a pointer would have to escape are left out: nobody reads them. */
  private static List<String> fields(JsonNode part, String pointer) {
    List<String> fields = new ArrayList<>();
    part.properties()
        .forEach(
            field -> {
              if (field.getKey().matches("\\w+")) {
                fields.add(pointer + "/" + field.getKey());
                fields.addAll(fields(field.getValue(), pointer + "/" + field.getKey()));
              }
            });
    return fields;
  }
}
