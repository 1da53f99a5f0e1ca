package io.pulsegrid.node.grid.wire;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.publish.Delivery;
import io.pulsegrid.core.publish.DeliveryState;
import io.pulsegrid.core.telling.Alert;
import io.pulsegrid.core.telling.Event;
import java.time.Instant;
import org.apache.ignite.binary.BinaryObjectException;
import org.apache.ignite.binary.BinaryReader;
import org.apache.ignite.binary.BinaryWriter;
import org.apache.ignite.binary.Binarylizable;
import org.jspecify.annotations.Nullable;

/** An event on its way to the other nodes. */
public final class EventWire implements Binarylizable {
  private String id = "";
  private String workspace = "";
  private long atMillis;
  private String subjectId = "";
  private @Nullable PostWire post;
  private @Nullable TrendWire trend;
  private @Nullable String[] delivery = {};
  private long[] deliveryNumbers = {};
  private @Nullable String[] alert = {};
  private long[] alertTimes = {};

  public static EventWire of(Event event) {
    EventWire wire = new EventWire();
    wire.id = event.id();
    wire.workspace = event.workspace().value();
    wire.atMillis = event.at().toEpochMilli();
    switch (event.subject()) {
      case Event.Subject.OfPost of -> {
        wire.subjectId = of.post().id().value();
        wire.post = PostWire.stored(of.post(), null, Revision.NONE);
      }
      case Event.Subject.OfTrend of -> wire.trend = TrendWire.of(of.trend());
      case Event.Subject.OfDelivery of -> wire.delivery(of.delivery());
      case Event.Subject.OfAlert of -> wire.alert(of.alert());
    }
    return wire;
  }

  public Event event() {
    return new Event(id, new WorkspaceId(workspace), Instant.ofEpochMilli(atMillis), subject());
  }

  private Event.Subject subject() {
    PostWire ofPost = post;
    if (ofPost != null) {
      return new Event.Subject.OfPost(ofPost.post(new PostId(subjectId)));
    }
    TrendWire ofTrend = trend;
    if (ofTrend != null) {
      return new Event.Subject.OfTrend(ofTrend.trend());
    }
    if (alert.length > 0) {
      return new Event.Subject.OfAlert(alert());
    }
    return new Event.Subject.OfDelivery(
        new Delivery(
            subjectId,
            new WorkspaceId(workspace),
            given(delivery, 0),
            given(delivery, 1),
            DeliveryState.valueOf(given(delivery, 2)),
            Instant.ofEpochMilli(deliveryNumbers[3]),
            Instant.ofEpochMilli(deliveryNumbers[0]),
            (int) deliveryNumbers[1],
            new Delivery.Result(delivery[3], delivery[4], delivery[5]),
            deliveryNumbers[2]));
  }

  private Alert alert() {
    return new Alert(
        subjectId,
        new WorkspaceId(workspace),
        Alert.Kind.valueOf(given(alert, 0)),
        Instant.ofEpochMilli(alertTimes[0]),
        new Alert.Concerns(
            alert[3], alert[4], alert[5], alert[6], later(alert, 7), later(alert, 8)),
        given(alert, 1),
        given(alert, 2),
        alertTimes.length > 1 ? Instant.ofEpochMilli(alertTimes[1]) : null);
  }

  /** A field that nodes of an earlier version do not send. */
  private static @Nullable String later(@Nullable String[] fields, int field) {
    return field < fields.length ? fields[field] : null;
  }

  private String given(@Nullable String[] fields, int field) {
    String value = fields[field];
    if (value == null) {
      throw new IllegalStateException("event " + id + " lacks field " + field);
    }
    return value;
  }

  private void delivery(Delivery of) {
    subjectId = of.id();
    delivery =
        new @Nullable String[] {
          of.scheduledPost(),
          of.channel(),
          of.state().name(),
          of.result().remoteId(),
          of.result().remoteUrl(),
          of.result().lastError()
        };
    deliveryNumbers =
        new long[] {
          of.dueAt().toEpochMilli(), of.attempts(), of.fence(), of.askedAt().toEpochMilli()
        };
  }

  private void alert(Alert of) {
    subjectId = of.id();
    Alert.Concerns concerns = of.concerns();
    alert =
        new @Nullable String[] {
          of.kind().name(),
          of.subject(),
          of.reason(),
          concerns.delivery(),
          concerns.scheduledPost(),
          concerns.channel(),
          concerns.webhook(),
          concerns.subscription(),
          concerns.trend()
        };
    Instant over = of.overAt();
    alertTimes =
        over == null
            ? new long[] {of.at().toEpochMilli()}
            : new long[] {of.at().toEpochMilli(), over.toEpochMilli()};
  }

  @Override
  public void writeBinary(BinaryWriter writer) throws BinaryObjectException {
    writer.writeString("id", id);
    writer.writeString("workspace", workspace);
    writer.writeLong("at", atMillis);
    writer.writeString("subjectId", subjectId);
    writer.writeObject("post", post);
    writer.writeObject("trend", trend);
    writer.writeStringArray("delivery", delivery);
    writer.writeLongArray("deliveryNumbers", deliveryNumbers);
    writer.writeStringArray("alert", alert);
    writer.writeLongArray("alertTimes", alertTimes);
  }

  @Override
  public void readBinary(BinaryReader reader) throws BinaryObjectException {
    id = reader.readString("id");
    workspace = reader.readString("workspace");
    atMillis = reader.readLong("at");
    subjectId = reader.readString("subjectId");
    post = reader.readObject("post");
    trend = reader.readObject("trend");
    delivery = reader.readStringArray("delivery");
    deliveryNumbers = reader.readLongArray("deliveryNumbers");
    alert = reader.readStringArray("alert");
    alertTimes = reader.readLongArray("alertTimes");
  }
}
