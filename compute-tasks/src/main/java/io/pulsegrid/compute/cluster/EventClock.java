package io.pulsegrid.compute.cluster;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * The time that the stream has reached: the latest date seen, save that a few posts dated far ahead
 * do not carry it away.
 */
final class EventClock {
  private static final long LEAP_MILLIS = 86_400_000L;
  private static final int WITNESSES = 8;
  private static final int PATIENCE = 64;

  private final long[] ahead = new long[WITNESSES];
  private int aheadCount;
  private int waited;
  private long now = Long.MIN_VALUE;

  /** Milliseconds since 1970 in event time; {@link Long#MIN_VALUE} before the first post. */
  long now() {
    return now;
  }

  void observe(long time) {
    if (now == Long.MIN_VALUE) {
      now = time;
    } else if (time <= now + LEAP_MILLIS) {
      now = Math.max(now, time);
      if (aheadCount > 0 && ++waited > PATIENCE) {
        aheadCount = 0;
        waited = 0;
      }
    } else {
      ahead[aheadCount++] = time;
      if (aheadCount == WITNESSES) {
        now = Arrays.stream(ahead).min().orElse(now);
        aheadCount = 0;
        waited = 0;
      }
    }
  }

  void write(DataOutput out) throws IOException {
    out.writeLong(now);
    out.writeByte(waited);
    out.writeByte(aheadCount);
    for (int i = 0; i < aheadCount; i++) {
      out.writeLong(ahead[i]);
    }
  }

  void read(DataInput in) throws IOException {
    now = in.readLong();
    waited = in.readByte();
    aheadCount = in.readByte();
    for (int i = 0; i < aheadCount; i++) {
      ahead[i] = in.readLong();
    }
  }
}
