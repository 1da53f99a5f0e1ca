package io.pulsegrid.compute.cluster;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Posts an hour, the latest {@value #KEPT} hours: the counts that a trend is judged and forecast
 * by.
 */
final class Hours {
  static final long HOUR_MILLIS = 3_600_000;
  static final int KEPT = 48;

  /** The count of hour {@code latest - i} stands at {@code i}; as long as what is not zero. */
  private int[] counts = new int[1];

  private long latest = Long.MIN_VALUE;

  static Hours copyOf(Hours other) {
    Hours copy = new Hours();
    copy.counts = other.counts.clone();
    copy.latest = other.latest;
    return copy;
  }

  void count(long time) {
    add(Math.floorDiv(time, HOUR_MILLIS), 1);
  }

  void join(Hours other) {
    for (int i = 0; i < other.counts.length; i++) {
      if (other.counts[i] > 0) {
        add(other.latest - i, other.counts[i]);
      }
    }
  }

  /** Lets go of posts that were counted here too. */
  void part(Hours others) {
    for (int i = 0; i < others.counts.length; i++) {
      long back = latest - (others.latest - i);
      if (back >= 0 && back < counts.length) {
        // Hours are kept from the second version of a story's state on: what came before is not in.
        counts[(int) back] = Math.max(0, counts[(int) back] - others.counts[i]);
      }
    }
  }

  private void add(long hour, int posts) {
    if (latest == Long.MIN_VALUE) {
      latest = hour;
    }
    if (hour > latest) {
      int later = (int) Math.min(hour - latest, KEPT);
      int[] moved = new int[Math.min(KEPT, counts.length + later)];
      System.arraycopy(counts, 0, moved, later, Math.max(0, moved.length - later));
      counts = moved;
      latest = hour;
    }
    long back = latest - hour;
    if (back < KEPT) {
      if (back >= counts.length) {
        counts = Arrays.copyOf(counts, (int) back + 1);
      }
      counts[(int) back] += posts;
    }
  }

  /** The counts of whole hours before the one that a time lies in, oldest first. */
  List<Long> before(long time) {
    List<Long> hourly = new ArrayList<>(KEPT);
    long current = Math.floorDiv(time, HOUR_MILLIS);
    for (int back = KEPT; back > 0; back--) {
      hourly.add((long) at(current - back));
    }
    int first = 0;
    while (first < hourly.size() && hourly.get(first) == 0) {
      first++;
    }
    return List.copyOf(hourly.subList(first, hourly.size()));
  }

  /** The count of the hour that a time lies in, so far. */
  int during(long time) {
    return at(Math.floorDiv(time, HOUR_MILLIS));
  }

  private int at(long hour) {
    long back = latest - hour;
    return back < 0 || back >= counts.length ? 0 : counts[(int) back];
  }

  void write(DataOutput out) throws IOException {
    out.writeLong(latest);
    out.writeByte(counts.length);
    for (int count : counts) {
      out.writeInt(count);
    }
  }

  static Hours read(DataInput in) throws IOException {
    Hours hours = new Hours();
    hours.latest = in.readLong();
    hours.counts = new int[in.readUnsignedByte()];
    for (int i = 0; i < hours.counts.length; i++) {
      hours.counts[i] = in.readInt();
    }
    return hours;
  }
}
