package io.pulsegrid.node.client;

import io.pulsegrid.api.call.CallAnswer;
import io.pulsegrid.api.call.CallRequest;
import io.pulsegrid.api.call.Calls;
import io.pulsegrid.core.failure.FailureCode;
import io.pulsegrid.core.failure.PulsegridException;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A message of the contract: a line of JSON that says what it is, then the body as it stands. A
 * request's line has {@code contract}, {@code key}, {@code operation} and maybe {@code once}; an
 * answer's has {@code contract}, {@code status} and maybe {@code retryAfter} in seconds. Fields
 * that a side does not know it leaves alone, so that later minor versions may add some.
 */
final class Message {
  private static final int LONGEST_HEADER = 8_192;
  private static final String MAJOR = Calls.CONTRACT.substring(0, Calls.CONTRACT.indexOf('.') + 1);

  private Message() {}

  /**
   * Reads a request.
   *
   * @param from where it comes from, which no message tells
   * @throws PulsegridException {@code MALFORMED} for anything else, or of another major version
   */
  static CallRequest read(JsonMapper json, String from, byte[] message) {
    int end = 0;
    while (end < message.length && end < LONGEST_HEADER && message[end] != '\n') {
      end++;
    }
    if (end == message.length || end == LONGEST_HEADER) {
      throw malformed("a message begins with a line of JSON");
    }
    JsonNode header;
    try {
      header = json.readTree(message, 0, end);
    } catch (JacksonException broken) {
      throw malformed("the first line of a message must be JSON");
    }
    String contract = header.path("contract").asString("");
    if (!contract.startsWith(MAJOR)) {
      throw malformed(
          "this node speaks contract "
              + Calls.CONTRACT
              + " and answers callers of "
              + MAJOR
              + "x; was "
              + contract);
    }
    return new CallRequest(
        header.path("key").asString(""),
        from,
        header.path("operation").asString(""),
        header.path("once").isString() ? header.path("once").stringValue() : null,
        Arrays.copyOfRange(message, end + 1, message.length));
  }

  static byte[] write(JsonMapper json, CallAnswer answer) {
    var header = json.createObjectNode();
    header.put("contract", Calls.CONTRACT).put("status", answer.status());
    if (answer.retryAfterSeconds() > 0) {
      header.put("retryAfter", answer.retryAfterSeconds());
    }
    var message = new ByteArrayOutputStream(answer.body().length + 64);
    message.writeBytes(json.writeValueAsBytes(header));
    message.write('\n');
    message.writeBytes(answer.body());
    return message.toByteArray();
  }

  private static PulsegridException malformed(String rule) {
    return PulsegridException.of(FailureCode.MALFORMED, rule);
  }
}
