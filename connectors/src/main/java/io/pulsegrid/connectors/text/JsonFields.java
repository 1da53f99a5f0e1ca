package io.pulsegrid.connectors.text;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Fields of a platform's JSON as far as they can be believed; what cannot be is as if absent. */
public final class JsonFields {
  /** The first second of 2100: a later time is none. */
  private static final long LATEST = 4_102_444_800L;

  /** More than there are people to count: a higher count is none. */
  private static final long MOST = 1_000_000_000_000L;

  private JsonFields() {}

  /** A text that says something, tidied; empty for null, another type and blanks. */
  public static Optional<String> text(JsonNode node, String name) {
    return text(node.path(name));
  }

  private static Optional<String> text(JsonNode value) {
    return value.isString() ? PlainText.tidy(value.stringValue()) : Optional.empty();
  }

  /** An id, which some write as a number; empty if there is none. */
  public static Optional<String> id(JsonNode node, String name) {
    JsonNode value = node.path(name);
    return value.isIntegralNumber() ? Optional.of(value.asString()) : text(value);
  }

  /** A count, which some write as a text; 0 for one that is absent, negative or absurd. */
  public static long count(JsonNode node, String name) {
    JsonNode value = node.path(name);
    long count = 0;
    if (value.isNumber() && Math.abs(value.doubleValue()) <= MOST) {
      count = value.longValue();
    } else if (value.isString() && value.stringValue().matches("\\d{1,13}")) {
      count = Long.parseLong(value.stringValue());
    }
    return count > MOST ? 0 : Math.max(0, count);
  }

  /** A moment in seconds since 1970, with or without a fraction. */
  public static Optional<Instant> epochSeconds(JsonNode node, String name) {
    double seconds = node.path(name).isNumber() ? node.path(name).doubleValue() : 0;
    return seconds > 0 && seconds < LATEST
        ? Optional.of(Instant.ofEpochMilli(Math.round(seconds * 1_000)))
        : Optional.empty();
  }

  /** A moment as ISO-8601 has it, with an offset. */
  public static Optional<Instant> time(JsonNode node, String name) {
    try {
      return text(node, name)
          .map(text -> OffsetDateTime.parse(text).toInstant())
          .filter(time -> time.getEpochSecond() > 0 && time.getEpochSecond() < LATEST);
    } catch (DateTimeException foreign) {
      return Optional.empty();
    }
  }

  /** The texts of a list, or of one text with commas; {@code field} of each where it has fields. */
  public static List<String> texts(JsonNode node, String name, String field) {
    JsonNode list = node.path(name);
    List<String> texts = new ArrayList<>();
    if (list.isString()) {
      for (String part : list.stringValue().split(",", -1)) {
        PlainText.line(part).ifPresent(texts::add);
      }
    }
    for (JsonNode each : list.values()) {
      (each.isObject() ? text(each, field) : text(each)).ifPresent(texts::add);
    }
    return texts;
  }
}
