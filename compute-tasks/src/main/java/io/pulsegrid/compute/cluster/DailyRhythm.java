package io.pulsegrid.compute.cluster;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** How many posts a platform brings at each hour of the day, UTC, the latest days above all. */
final class DailyRhythm {
  /** That of a platform never seen. */
  static final DailyRhythm NONE = new DailyRhythm();

  private static final long HOUR_MILLIS = 3_600_000;
  private static final int HOURS = 24;
  private static final float LEARNING = .3f;
  private static final double LIVELIEST = 2;

  private final float[] usual = new float[HOURS];
  private long hour = Long.MIN_VALUE;
  private int posts;
  private int hoursSeen;

  void observe(long time) {
    long its = Math.floorDiv(time, HOUR_MILLIS);
    if (hour == Long.MIN_VALUE) {
      hour = its;
    }
    // A day without a word teaches silence; more of it teaches nothing new.
    for (int days = 0; hour < its && days < 2 * HOURS; days++) {
      learn();
      hour++;
      posts = 0;
    }
    if (hour < its) {
      hour = its;
    }
    if (its == hour) {
      posts++;
    }
  }

  private void learn() {
    int of = (int) Math.floorMod(hour, (long) HOURS);
    usual[of] = hoursSeen < HOURS ? posts : usual[of] + LEARNING * (posts - usual[of]);
    hoursSeen = Math.min(HOURS, hoursSeen + 1);
  }

  /** How lively an hour is beside the mean hour, within half and twice; 1 before a day is known. */
  double at(long time) {
    if (hoursSeen < HOURS) {
      return 1;
    }
    double sum = 0;
    for (float hourly : usual) {
      sum += hourly;
    }
    // The hours beside it count too: an hour of few posts says little alone.
    int of = (int) Math.floorMod(Math.floorDiv(time, HOUR_MILLIS), (long) HOURS);
    double around = usual[of] / 2 + (usual[(of + 1) % HOURS] + usual[(of + HOURS - 1) % HOURS]) / 4;
    return sum == 0 ? 1 : Math.clamp(around * HOURS / sum, 1 / LIVELIEST, LIVELIEST);
  }

  void write(DataOutput out) throws IOException {
    out.writeLong(hour);
    out.writeInt(posts);
    out.writeByte(hoursSeen);
    for (float hourly : usual) {
      out.writeFloat(hourly);
    }
  }

  static DailyRhythm read(DataInput in) throws IOException {
    DailyRhythm rhythm = new DailyRhythm();
    rhythm.hour = in.readLong();
    rhythm.posts = in.readInt();
    rhythm.hoursSeen = in.readByte();
    for (int i = 0; i < HOURS; i++) {
      rhythm.usual[i] = in.readFloat();
    }
    return rhythm;
  }
}
