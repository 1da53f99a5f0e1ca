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

/**
 * How a story's volume moves in event time. Two levels are kept, both in posts: {@code recent}
 * halves with every half-life, {@code usual} follows it with a delay of twelve half-lives. A burst
 * is what recent has over usual.
 *
 * <pre>
 * EMERGING -> RISING   the burst is strong
 * RISING   -> PEAKING  recent fell to .8 of its height, or usual caught up with half of it
 * PEAKING  -> RISING   recent passes its height
 * any      -> FADING   recent fell to half its height
 * FADING   -> RISING   the burst is strong again, and recent twice its low
 * </pre>
 *
 * Between two posts recent falls on a known curve, so that a turn has an exact time, whenever it is
 * looked at.
 */
final class Pulse {
  private static final double STRONG = 3;
  private static final double OFF_PEAK = .8;
  private static final double FADED = .5;
  private static final double USUAL_IN_HALF_LIVES = 12;
  private static final int MOMENTS = 32;

  private final double halfLifeMillis;
  private final List<Moment> moments;
  private TrendState state;
  private long at;
  private double recent;
  private double usual;
  private double height;

  private Pulse(double halfLifeMillis, TrendState state, long at, List<Moment> moments) {
    this.halfLifeMillis = halfLifeMillis;
    this.state = state;
    this.at = at;
    this.moments = moments;
  }

  static Pulse begun(long halfLifeMillis, long at) {
    Pulse pulse = new Pulse(halfLifeMillis, TrendState.EMERGING, at, new ArrayList<>(1));
    pulse.moments.add(new Moment.Entered(TrendState.EMERGING, Instant.ofEpochMilli(at)));
    return pulse;
  }

  /** The pulse as it will stand at a later time if nothing more comes. */
  Pulse lookedAt(long time) {
    Pulse later = new Pulse(halfLifeMillis, state, at, new ArrayList<>(moments));
    later.recent = recent;
    later.usual = usual;
    later.height = height;
    later.advance(time);
    return later;
  }

  /** Counts a post; one from the past counts as what would be left of it by now. */
  void beat(long time, double weight) {
    if (time < at) {
      recent += weight * Math.min(1, halved((at - time) / halfLifeMillis));
    } else {
      advance(time);
      recent += weight;
    }
    turn();
  }

  /** Takes over another story's volume. */
  void join(Pulse other, List<TrendId> merged) {
    long time = Math.max(at, other.at);
    advance(time);
    Pulse theirs = other.lookedAt(time);
    recent += theirs.recent;
    usual += theirs.usual;
    height = Math.max(height, Math.max(theirs.height, recent));
    remember(new Moment.Merged(merged, Instant.ofEpochMilli(time)));
    turn();
  }

  /** Ends it: nothing will be counted any more. */
  void end() {
    if (state != TrendState.FADING) {
      enter(TrendState.FADING, at);
    }
  }

  TrendState state() {
    return state;
  }

  double score() {
    return Math.max(0, (recent - usual) / Math.sqrt(usual + 1));
  }

  List<Moment> moments() {
    return moments;
  }

  private void turn() {
    boolean strong = score() >= STRONG;
    switch (state) {
      case EMERGING -> {
        height = Math.max(height, recent);
        if (strong) {
          enter(TrendState.RISING, at);
        }
      }
      case RISING -> {
        height = Math.max(height, recent);
        if (usual >= recent / 2) {
          enter(TrendState.PEAKING, at);
        }
      }
      case PEAKING -> {
        if (strong && recent > height && usual < recent / 2) {
          enter(TrendState.RISING, at);
        }
        height = Math.max(height, recent);
      }
      case FADING -> {
        // While fading, height is the low since.
        if (strong && recent >= 2 * height) {
          height = recent;
          enter(TrendState.RISING, at);
        }
      }
    }
  }

  private void advance(long time) {
    if (time <= at) {
      return;
    }
    if (state == TrendState.RISING) {
      crossing(OFF_PEAK, time, TrendState.PEAKING);
    }
    if (state != TrendState.FADING) {
      crossing(FADED, time, TrendState.FADING);
    }
    double halfLives = (time - at) / halfLifeMillis;
    double fall = halved(halfLives);
    double follow = StrictMath.exp(-halfLives / USUAL_IN_HALF_LIVES);
    double speed = 1 / USUAL_IN_HALF_LIVES;
    // The solution of usual' = (recent - usual) * speed with recent falling by half-lives.
    usual = usual * follow + recent * speed / (StrictMath.log(2) - speed) * (follow - fall);
    recent *= fall;
    if (state == TrendState.FADING) {
      height = Math.min(height, recent);
    }
    at = time;
  }

  private void crossing(double share, long until, TrendState next) {
    double left = recent / (share * height);
    double halfLives = left <= 1 ? 0 : StrictMath.log(left) / StrictMath.log(2);
    long when = at + (long) Math.ceil(halfLives * halfLifeMillis);
    if (when <= until) {
      if (next == TrendState.FADING) {
        height = recent;
      }
      enter(next, when);
    }
  }

  private void enter(TrendState next, long when) {
    state = next;
    remember(new Moment.Entered(next, Instant.ofEpochMilli(when)));
  }

  private void remember(Moment moment) {
    if (moments.size() >= MOMENTS) {
      moments.remove(1); // the beginning stays
    }
    moments.add(moment);
  }

  private static double halved(double halfLives) {
    return StrictMath.pow(2, -halfLives);
  }

  void write(DataOutput out) throws IOException {
    out.writeUTF(state.name());
    out.writeLong(at);
    out.writeDouble(recent);
    out.writeDouble(usual);
    out.writeDouble(height);
    Moments.write(moments, out);
  }

  static Pulse read(DataInput in, long halfLifeMillis) throws IOException {
    TrendState state = TrendState.valueOf(in.readUTF());
    Pulse pulse = new Pulse(halfLifeMillis, state, in.readLong(), new ArrayList<>());
    pulse.recent = in.readDouble();
    pulse.usual = in.readDouble();
    pulse.height = in.readDouble();
    pulse.moments.addAll(Moments.read(in));
    return pulse;
  }
}
