package io.pulsegrid.node.grid.wire;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.ignite.binary.BinaryObjectException;
import org.apache.ignite.binary.BinaryReader;
import org.apache.ignite.binary.BinaryWriter;
import org.apache.ignite.binary.Binarylizable;

/**
 * A delivery that waits, as the grid's working copy holds it: enough to find it when it is due,
 * never enough to send it.
 */
public final class DeliveryWire implements Binarylizable {
  /** The indexed fields; index names are the field names joined by an underscore. */
  public static final List<List<String>> INDEXES =
      List.of(List.of("channel", "due"), List.of("channel", "priority", "due"));

  private String channel = "";
  private String platform = "";
  private long due;
  private int priority;
  private long fence;
  private long wanted;

  /** The fields that queries see, with their types. */
  public static Map<String, String> fields() {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("channel", String.class.getName());
    fields.put("due", Long.class.getName());
    fields.put("priority", Integer.class.getName());
    return fields;
  }

  /**
   * A delivery as it stands.
   *
   * @param wantedAt since when it is late
   */
  public static DeliveryWire of(
      String channel, String platform, Instant dueAt, int priority, long fence, Instant wantedAt) {
    DeliveryWire wire = new DeliveryWire();
    wire.channel = channel;
    wire.platform = platform;
    wire.due = dueAt.toEpochMilli();
    wire.priority = priority;
    wire.fence = fence;
    wire.wanted = wantedAt.toEpochMilli();
    return wire;
  }

  public String channel() {
    return channel;
  }

  public String platform() {
    return platform;
  }

  public Instant dueAt() {
    return Instant.ofEpochMilli(due);
  }

  public int priority() {
    return priority;
  }

  public long fence() {
    return fence;
  }

  public Instant wantedAt() {
    return Instant.ofEpochMilli(wanted);
  }

  @Override
  public void writeBinary(BinaryWriter writer) throws BinaryObjectException {
    writer.writeString("channel", channel);
    writer.writeString("platform", platform);
    writer.writeLong("due", due);
    writer.writeInt("priority", priority);
    writer.writeLong("fence", fence);
    writer.writeLong("wanted", wanted);
  }

  @Override
  public void readBinary(BinaryReader reader) throws BinaryObjectException {
    channel = reader.readString("channel");
    platform = reader.readString("platform");
    due = reader.readLong("due");
    priority = reader.readInt("priority");
    fence = reader.readLong("fence");
    wanted = reader.readLong("wanted");
  }
}
