package io.pulsegrid.client;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The contract's messages: a line of JSON that says what a message is, then its body. Fields that
 * this version does not know are passed over.
 */
final class Envelope {
  /** The contract that this version speaks. */
  static final Contract CONTRACT = new Contract(1, 3);

  static final JsonMapper JSON =
      JsonMapper.builder()
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .changeDefaultPropertyInclusion(
              all -> all.withValueInclusion(JsonInclude.Include.NON_NULL))
          .build();

  private Envelope() {}

  /** A contract's version; callers of one major number understand each other. */
  record Contract(int major, int minor) {
    static Contract read(String written) {
      String[] parts = written.split("\\.", -1);
      try {
        return new Contract(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
      } catch (NumberFormatException | ArrayIndexOutOfBoundsException foreign) {
        throw new PulsegridException(
            "malformed", 400, "not a contract's version: " + written, List.of(), null, foreign);
      }
    }

    boolean has(int neededMinor) {
      return minor >= neededMinor;
    }

    /** Refuses what the other side cannot understand at all. */
    void needSameMajor() {
      if (major != CONTRACT.major()) {
        throw refused("malformed", 400, "the grid speaks contract %s, this program " + CONTRACT);
      }
    }

    /** Refuses what an older grid cannot do, before it is asked. */
    void need(int neededMinor, String what) {
      if (!has(neededMinor)) {
        throw refused("not-found", 404, "the grid speaks contract %s, which has no " + what);
      }
    }

    private PulsegridException refused(String code, int status, String said) {
      return new PulsegridException(code, status, said.formatted(this), List.of(), null, null);
    }

    @Override
    public String toString() {
      return major + "." + minor;
    }
  }

  static byte[] request(String key, String operation, @Nullable String once, byte[] body) {
    ObjectNode header = JSON.createObjectNode();
    header.put("contract", CONTRACT.toString()).put("key", key).put("operation", operation);
    if (once != null) {
      header.put("once", once);
    }
    byte[] line = JSON.writeValueAsBytes(header);
    var message = new ByteArrayOutputStream(line.length + 1 + body.length);
    message.writeBytes(line);
    message.write('\n');
    message.writeBytes(body);
    return message.toByteArray();
  }

  /**
   * The body of an answer.
   *
   * @throws PulsegridException what the grid said, where it said no
   */
  static byte[] answer(byte[] message) {
    int end = 0;
    while (end < message.length && message[end] != '\n') {
      end++;
    }
    JsonNode header;
    try {
      header = JSON.readTree(message, 0, end);
    } catch (JacksonException foreign) {
      throw PulsegridException.of("internal", 500, "the answer is none of the contract", foreign);
    }
    byte[] body =
        end >= message.length ? new byte[0] : Arrays.copyOfRange(message, end + 1, message.length);
    int status = header.path("status").asInt(500);
    if (status >= 200 && status < 300) {
      return body;
    }
    throw problem(status, header.path("retryAfter").asLong(0), body);
  }

  private static PulsegridException problem(int status, long retryAfter, byte[] body) {
    JsonNode problem;
    try {
      problem = JSON.readTree(body);
    } catch (JacksonException none) {
      problem = JSON.createObjectNode();
    }
    List<FieldError> errors = new ArrayList<>();
    for (JsonNode error : problem.path("errors")) {
      errors.add(
          new FieldError(error.path("field").asString(""), error.path("message").asString("")));
    }
    return new PulsegridException(
        problem.path("code").asString("internal"),
        status,
        problem.path("detail").asString("the grid answered " + status),
        errors,
        retryAfter > 0 ? Duration.ofSeconds(retryAfter) : null,
        null);
  }
}
