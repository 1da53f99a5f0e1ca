package io.pulsegrid.chaos.node;

import tools.jackson.databind.JsonNode;

/** What a node answered. */
public record Answer(int status, JsonNode body) {
  public String text(String field) {
    return body.path(field).asString("");
  }

  /** Fails the test, with what was answered, unless the status is this. */
  public Answer expect(int wanted) {
    if (status != wanted) {
      throw new AssertionError("expected " + wanted + ", was " + status + ": " + body);
    }
    return this;
  }
}
