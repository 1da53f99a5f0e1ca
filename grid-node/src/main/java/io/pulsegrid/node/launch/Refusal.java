package io.pulsegrid.node.launch;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The line in which a node says why it does not start, as {@code logback-spring.xml} writes it:
 * plain or as JSON. Whatever else a node logs may hold the same words, in a name or a message.
 */
final class Refusal {
  private static final String MARK = "Not started: ";
  private static final String LOGGER = "io.pulsegrid";
  private static final Pattern PLAIN =
      Pattern.compile("[\\d:.]{12} ERROR pulsegrid +" + MARK + "(.*)");

  private Refusal() {}

  /** The reason that a line gives; empty for every other line. */
  static Optional<String> in(String line) {
    if (!line.contains(MARK)) {
      return Optional.empty();
    }
    Matcher plain = PLAIN.matcher(line);
    return plain.matches() ? Optional.of(plain.group(1)) : json(line);
  }

  private static Optional<String> json(String line) {
    try {
      JsonNode log = JsonMapper.shared().readTree(line);
      String message = log.path("message").asString("");
      boolean reported =
          log.path("log").path("logger").asString("").equals(LOGGER) && message.startsWith(MARK);
      return reported ? Optional.of(message.substring(MARK.length())) : Optional.empty();
    } catch (JacksonException notJson) {
      return Optional.empty();
    }
  }
}
