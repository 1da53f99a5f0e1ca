package io.pulsegrid.connectors.file;

import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One JSON object a line; counts may stand in an {@code engagement} object. */
final class NdjsonFormat implements LineFormat {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private final Columns columns;

  NdjsonFormat(Columns columns) {
    this.columns = columns;
  }

  @Override
  public void read(String line, Draft draft) {
    JsonNode node;
    try {
      node = JSON.readTree(line);
    } catch (JacksonException broken) {
      draft.error(Draft.WHOLE_LINE, "is not valid JSON: " + oneLine(broken));
      return;
    }
    if (!node.isObject()) {
      draft.error(Draft.WHOLE_LINE, "must be a JSON object");
      return;
    }
    for (Map.Entry<String, JsonNode> property : node.properties()) {
      String name = property.getKey();
      JsonNode value = property.getValue();
      if (value.isObject() && columns.looksInside(name) && !columns.isMapped(name)) {
        for (Map.Entry<String, JsonNode> inner : value.properties()) {
          put(name + "." + inner.getKey(), inner.getValue(), draft);
        }
      } else if (name.equals("engagement") && !columns.isMapped(name)) {
        if (!value.isNull()) {
          draft.error("engagement", "must be an object of counts");
        }
      } else {
        put(name, value, draft);
      }
    }
  }

  private void put(String name, JsonNode value, Draft draft) {
    Optional<Field> known = columns.field(name);
    if (known.isEmpty() || value.isNull()) {
      return;
    }
    Field field = known.get();
    if (field == Field.TAGS && value.isArray()) {
      for (JsonNode tag : value) {
        if (tag.isString()) {
          draft.tag(tag.stringValue());
        } else {
          draft.error(field.label(), "must be strings");
          return;
        }
      }
    } else if (value.isString()) {
      draft.put(field, value.stringValue());
    } else if (value.isNumber() && takesNumbers(field)) {
      draft.put(field, value.isIntegralNumber() ? value.asString() : plain(value));
    } else {
      draft.error(field.label(), wanted(field));
    }
  }

  private static String plain(JsonNode number) {
    // 1e999999999 is a short number and a long text.
    boolean modest = Math.abs((long) number.decimalValue().scale()) <= 30;
    return modest ? number.decimalValue().toPlainString() : number.asString();
  }

  private static boolean takesNumbers(Field field) {
    return field.isCount() || field == Field.NATIVE_ID || field == Field.PUBLISHED_AT;
  }

  private static String wanted(Field field) {
    if (field.isCount()) {
      return "must be a whole number from 0";
    }
    return switch (field) {
      case TAGS -> "must be an array of strings";
      case NATIVE_ID, PUBLISHED_AT -> "must be a string or a number";
      default -> "must be a string";
    };
  }

  private static String oneLine(JacksonException broken) {
    String message = String.valueOf(broken.getOriginalMessage()).replaceAll("\\s+", " ");
    String shown = message.length() > 160 ? message.substring(0, 160) + "..." : message;
    return broken.getLocation() == null
        ? shown
        : shown + " (at character " + broken.getLocation().getColumnNr() + ")";
  }
}
