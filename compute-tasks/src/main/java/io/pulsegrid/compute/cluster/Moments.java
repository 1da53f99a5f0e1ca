package io.pulsegrid.compute.cluster;

import io.pulsegrid.core.trend.Trend.Moment;
import io.pulsegrid.core.trend.TrendId;
import io.pulsegrid.core.trend.TrendState;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A history as bytes. */
final class Moments {
  private static final byte ENTERED = 0;
  private static final byte MERGED = 1;
  private static final byte SPLIT_INTO = 2;
  private static final byte SPLIT_FROM = 3;

  private Moments() {}

  static void write(List<Moment> moments, DataOutput out) throws IOException {
    out.writeShort(moments.size());
    for (Moment moment : moments) {
      out.writeLong(moment.at().toEpochMilli());
      switch (moment) {
        case Moment.Entered entered -> {
          out.writeByte(ENTERED);
          out.writeUTF(entered.state().name());
        }
        case Moment.Merged merged -> {
          out.writeByte(MERGED);
          out.writeShort(merged.from().size());
          for (TrendId from : merged.from()) {
            out.writeUTF(from.value());
          }
        }
        case Moment.SplitInto split -> {
          out.writeByte(SPLIT_INTO);
          out.writeUTF(split.part().value());
        }
        case Moment.SplitFrom split -> {
          out.writeByte(SPLIT_FROM);
          out.writeUTF(split.whole().value());
        }
      }
    }
  }

  static List<Moment> read(DataInput in) throws IOException {
    List<Moment> moments = new ArrayList<>();
    int size = in.readUnsignedShort();
    for (int i = 0; i < size; i++) {
      Instant at = Instant.ofEpochMilli(in.readLong());
      byte kind = in.readByte();
      switch (kind) {
        case ENTERED -> moments.add(new Moment.Entered(TrendState.valueOf(in.readUTF()), at));
        case MERGED -> {
          List<TrendId> from = new ArrayList<>();
          int count = in.readUnsignedShort();
          for (int j = 0; j < count; j++) {
            from.add(new TrendId(in.readUTF()));
          }
          moments.add(new Moment.Merged(from, at));
        }
        case SPLIT_INTO -> moments.add(new Moment.SplitInto(new TrendId(in.readUTF()), at));
        case SPLIT_FROM -> moments.add(new Moment.SplitFrom(new TrendId(in.readUTF()), at));
        default -> throw new IOException("a moment is of kind 0 to 3, was " + kind);
      }
    }
    return moments;
  }
}
