package io.pulsegrid.node.grid.wire;

import io.pulsegrid.core.limit.LimitedScope;
import io.pulsegrid.core.limit.SlidingWindow;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import org.apache.ignite.binary.BinaryObjectException;
import org.apache.ignite.binary.BinaryReader;
import org.apache.ignite.binary.BinaryWriter;
import org.apache.ignite.binary.Binarylizable;
import org.jspecify.annotations.Nullable;

/** A scope's block and windows as they stand in the grid. */
public final class ScopeWire implements Binarylizable {
  private long blockedUntilMillis;
  private @Nullable String blockReason;
  private boolean begun;
  private long openFromMillis;
  private String[] actions = {};
  // Of each action in turn: how many bytes its snapshot has, and all snapshots in a row.
  private int[] lengths = {};
  private byte[] packed = {};

  public static ScopeWire of(LimitedScope scope) {
    ScopeWire wire = new ScopeWire();
    LimitedScope.Block block = scope.block();
    if (block != null) {
      wire.blockedUntilMillis = block.until().toEpochMilli();
      wire.blockReason = block.reason();
    }
    Instant openFrom = scope.openFrom();
    if (openFrom != null) {
      wire.begun = true;
      wire.openFromMillis = openFrom.toEpochMilli();
    }
    Map<String, SlidingWindow> windows = scope.actions();
    wire.actions = windows.keySet().toArray(String[]::new);
    wire.lengths = new int[wire.actions.length];
    byte[][] each = new byte[wire.actions.length][];
    int size = 0;
    for (int i = 0; i < each.length; i++) {
      each[i] = scope.action(wire.actions[i]).snapshot();
      wire.lengths[i] = each[i].length;
      size += each[i].length;
    }
    wire.packed = new byte[size];
    int from = 0;
    for (byte[] snapshot : each) {
      System.arraycopy(snapshot, 0, wire.packed, from, snapshot.length);
      from += snapshot.length;
    }
    return wire;
  }

  public LimitedScope scope() {
    LimitedScope scope = new LimitedScope();
    if (blockReason != null) {
      scope.block(new LimitedScope.Block(Instant.ofEpochMilli(blockedUntilMillis), blockReason));
    }
    if (begun) {
      scope.begin(Instant.ofEpochMilli(openFromMillis));
    }
    int from = 0;
    for (int i = 0; i < actions.length; i++) {
      byte[] snapshot = Arrays.copyOfRange(packed, from, from + lengths[i]);
      scope.put(actions[i], SlidingWindow.restore(snapshot));
      from += lengths[i];
    }
    return scope;
  }

  @Override
  public void writeBinary(BinaryWriter writer) throws BinaryObjectException {
    writer.writeLong("blockedUntil", blockedUntilMillis);
    writer.writeString("blockReason", blockReason);
    writer.writeBoolean("begun", begun);
    writer.writeLong("openFrom", openFromMillis);
    writer.writeStringArray("actions", actions);
    writer.writeIntArray("lengths", lengths);
    writer.writeByteArray("packed", packed);
  }

  @Override
  public void readBinary(BinaryReader reader) throws BinaryObjectException {
    blockedUntilMillis = reader.readLong("blockedUntil");
    blockReason = reader.readString("blockReason");
    begun = reader.readBoolean("begun");
    openFromMillis = reader.readLong("openFrom");
    actions = reader.readStringArray("actions");
    lengths = reader.readIntArray("lengths");
    packed = reader.readByteArray("packed");
  }
}
