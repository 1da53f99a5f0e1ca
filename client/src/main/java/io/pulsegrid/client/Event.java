package io.pulsegrid.client;

import java.time.Instant;
import tools.jackson.databind.JsonNode;

/**
 * Something that happened.
 *
 * @param id where to go on after a break
 * @param type {@code post}, {@code trend}, {@code delivery} or {@code alert}
 * @param data the resource as it stood then, as REST shows it
 */
public record Event(String id, String type, Instant at, JsonNode data) {
  /** The delivery of a {@code delivery} event. */
  public Delivery delivery() {
    return as("delivery", Delivery.class);
  }

  /** The trend of a {@code trend} event. */
  public Trend trend() {
    return as("trend", Trend.class);
  }

  /** The post of a {@code post} event. */
  public Post post() {
    return as("post", Post.class);
  }

  /** The alert of an {@code alert} event. */
  public Alert alert() {
    return as("alert", Alert.class);
  }

  private <T> T as(String wanted, Class<T> resource) {
    if (!type.equals(wanted)) {
      throw new IllegalStateException("this event is about a " + type + ", not a " + wanted);
    }
    return Envelope.JSON.treeToValue(data, resource);
  }
}
