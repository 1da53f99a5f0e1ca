package io.pulsegrid.compute.cluster;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/**
 * How much the whole stream tells, in event time: its level now, by the same two measures as a
 * {@link Pulse}, and each platform's rhythm of the day. What is usual for a trend rises and falls
 * with the latter, and what counts as much is measured by the former.
 */
final class Tide {
  private static final int PLATFORMS = 16;
  private static final String OTHERS = "";
  private static final double YOUNGEST_MILLIS = 600_000;
  private static final long OLD_MILLIS = 30L * 86_400_000;

  private final double halfLifeMillis;
  private final Map<String, DailyRhythm> rhythms = new TreeMap<>();
  private long since = Long.MIN_VALUE;
  private long at = Long.MIN_VALUE;
  private double quick;
  private double recent;

  Tide(double halfLifeMillis) {
    this.halfLifeMillis = halfLifeMillis;
  }

  /** Takes a stream over that nothing is known of, but that it is not young. */
  void begin(long time) {
    at = time;
    since = time - OLD_MILLIS;
  }

  /** Counts a post; one from the past counts as what would be left of it by now. */
  void observe(long time, String platform) {
    if (at == Long.MIN_VALUE) {
      since = time;
      at = time;
    }
    if (time > at) {
      quick *= Pulse.halved(Pulse.QUICKER * (time - at) / halfLifeMillis);
      recent *= Pulse.halved((time - at) / halfLifeMillis);
      at = time;
    }
    quick += Pulse.halved(Pulse.QUICKER * (at - time) / halfLifeMillis);
    recent += Pulse.halved((at - time) / halfLifeMillis);
    rhythm(platform).observe(time);
  }

  private DailyRhythm rhythm(String platform) {
    DailyRhythm known = rhythms.get(platform);
    if (known != null) {
      return known;
    }
    String name = rhythms.size() < PLATFORMS ? platform : OTHERS;
    return rhythms.computeIfAbsent(name, _ -> new DailyRhythm());
  }

  /** The stream's level by the quick measure. */
  double quick() {
    return quick;
  }

  /** The stream's level by the slow measure. */
  double recent() {
    return recent;
  }

  /**
   * What a usual level is to be multiplied with to say what is to be expected now, for one who
   * posts on these platforms: how lively the hour is beside a whole day, and how little of the past
   * the level could learn from. What a young stream brings from its beginning on is not new, only
   * new to us.
   */
  double expectation(Map<String, Long> platforms, long time) {
    double age = Math.max(YOUNGEST_MILLIS, (double) (at - since));
    double learnt = 1 - StrictMath.exp(-age / (Pulse.USUAL_IN_HALF_LIVES * halfLifeMillis));
    return rhythm(platforms, time) / learnt;
  }

  /** How lively the hour is beside a whole day: 1 where too little is known. */
  double rhythm(Map<String, Long> platforms, long time) {
    double posts = 0;
    double weighed = 0;
    for (Map.Entry<String, Long> platform : platforms.entrySet()) {
      DailyRhythm rhythm =
          rhythms.getOrDefault(platform.getKey(), rhythms.getOrDefault(OTHERS, DailyRhythm.NONE));
      posts += platform.getValue();
      weighed += platform.getValue() * rhythm.at(time);
    }
    return posts == 0 ? 1 : weighed / posts;
  }

  void write(DataOutput out) throws IOException {
    out.writeLong(since);
    out.writeLong(at);
    out.writeDouble(quick);
    out.writeDouble(recent);
    out.writeByte(rhythms.size());
    for (Map.Entry<String, DailyRhythm> rhythm : rhythms.entrySet()) {
      out.writeUTF(rhythm.getKey());
      rhythm.getValue().write(out);
    }
  }

  void read(DataInput in) throws IOException {
    since = in.readLong();
    at = in.readLong();
    quick = in.readDouble();
    recent = in.readDouble();
    for (int left = in.readUnsignedByte(); left > 0; left--) {
      rhythms.put(in.readUTF(), DailyRhythm.read(in));
    }
  }
}
