package io.pulsegrid.node.store.ledger;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.publish.Delivery;
import io.pulsegrid.core.publish.DeliveryState;
import io.pulsegrid.core.telling.Alert;
import io.pulsegrid.core.telling.Event;
import io.pulsegrid.node.store.posts.PostJson;
import io.pulsegrid.node.store.posts.TrendJson;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What an event of the outbox is about, read from its columns workspace, subject and payload. */
public final class OutboxSubject {
  private OutboxSubject() {}

  /** A delivery, an alert, a trend or a post as it stood when it was written down. */
  public static Event.Subject of(ResultSet row) throws SQLException {
    WorkspaceId workspace = new WorkspaceId(row.getString("workspace"));
    String subject = row.getString("subject");
    JsonNode payload = JsonMapper.shared().readTree(row.getString("payload"));
    return switch (subject) {
      case "delivery" -> new Event.Subject.OfDelivery(delivery(workspace, payload));
      case "alert" -> new Event.Subject.OfAlert(alert(workspace, payload));
      case "trend" ->
          new Event.Subject.OfTrend(TrendJson.whole(workspace, row.getString("payload")));
      case "post" -> new Event.Subject.OfPost(PostJson.whole(workspace, payload));
      default -> throw new IllegalStateException("the outbox knows no subject " + subject);
    };
  }

  private static Delivery delivery(WorkspaceId workspace, JsonNode payload) {
    Instant due = instant(payload, "dueAt");
    return new Delivery(
        payload.path("id").stringValue(),
        workspace,
        payload.path("scheduledPost").stringValue(),
        payload.path("channel").stringValue(),
        DeliveryState.valueOf(payload.path("state").stringValue()),
        payload.has("askedAt") ? instant(payload, "askedAt") : due,
        due,
        payload.path("attempts").asInt(),
        new Delivery.Result(
            text(payload, "remoteId"), text(payload, "remoteUrl"), text(payload, "lastError")),
        payload.path("fence").asLong());
  }

  private static Alert alert(WorkspaceId workspace, JsonNode payload) {
    return new Alert(
        payload.path("id").stringValue(),
        workspace,
        Alert.Kind.valueOf(payload.path("kind").stringValue()),
        instant(payload, "at"),
        new Alert.Concerns(
            text(payload, "delivery"),
            text(payload, "scheduledPost"),
            text(payload, "channel"),
            text(payload, "webhook"),
            text(payload, "subscription"),
            text(payload, "trend")),
        payload.path("subject").stringValue(),
        payload.path("reason").stringValue(),
        null);
  }

  private static @Nullable String text(JsonNode payload, String field) {
    JsonNode value = payload.path(field);
    return value.isString() ? value.stringValue() : null;
  }

  private static Instant instant(JsonNode payload, String field) {
    return OffsetDateTime.parse(payload.path(field).stringValue()).toInstant();
  }
}
