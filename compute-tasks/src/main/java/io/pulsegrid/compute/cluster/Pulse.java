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
 * How a story's volume moves in event time. Three levels are kept, all in posts: {@code quick}
 * halves twelve times as fast as {@code recent}, which halves with every half-life, and {@code
 * usual} follows recent with a delay of twelve half-lives. A burst is what quick or recent have
 * over usual, as much as the hour of the day lets expect.
 *
 * <pre>
 * FADING   -> EMERGING the burst is strong: so many posts, so far above what is usual
 * EMERGING -> RISING   recent doubled since
 * RISING   -> PEAKING  recent fell to .8 of its height, or usual caught up with half of it
 * EMERGING -> PEAKING  usual caught up with half of recent
 * PEAKING  -> RISING   recent passes its height by half
 * any      -> FADING   recent fell to half its height
 * </pre>
 *
 * A story begins without a burst, as FADING: what a few posts are is not told before it is known.
 *
 * <p>Between two posts recent falls on a known curve, so that a turn has an exact time, whenever it
 * is looked at.
 */
final class Pulse {
  /** How many times as fast as recent the quick level halves. */
  static final double QUICKER = 12;

  private static final double STRONG = 4;
  private static final double OFF_PEAK = .8;
  private static final double FADED = .5;
  static final double USUAL_IN_HALF_LIVES = 12;
  private static final int MOMENTS = 32;

  private final double halfLifeMillis;
  private final List<Moment> moments;
  private final Hours hours;
  private TrendState state;
  private long at;
  private double quick;
  private double recent;
  private double usual;

  /** The highest that recent was in this burst. */
  private double height;

  /** What recent was when this burst emerged. */
  private double emergedAt;

  private Pulse(
      double halfLifeMillis, TrendState state, long at, List<Moment> moments, Hours hours) {
    this.halfLifeMillis = halfLifeMillis;
    this.state = state;
    this.at = at;
    this.moments = moments;
    this.hours = hours;
  }

  static Pulse begun(long halfLifeMillis, long at) {
    Pulse pulse = new Pulse(halfLifeMillis, TrendState.FADING, at, new ArrayList<>(1), new Hours());
    pulse.moments.add(new Moment.Entered(TrendState.FADING, Instant.ofEpochMilli(at)));
    return pulse;
  }

  /** The pulse as it will stand at a later time if nothing more comes. */
  Pulse lookedAt(long time) {
    Pulse later =
        new Pulse(halfLifeMillis, state, at, new ArrayList<>(moments), Hours.copyOf(hours));
    later.quick = quick;
    later.recent = recent;
    later.usual = usual;
    later.height = height;
    later.emergedAt = emergedAt;
    later.advance(time);
    return later;
  }

  /** Counts a post; one from the past counts as what would be left of it by now. */
  void beat(long time, double weight, BurstMeasure measure) {
    count(time, weight);
    turn(measure);
  }

  /** Counts a post at which nothing turns: when it came, nobody knew whose it was. */
  void count(long time, double weight) {
    hours.count(time);
    advance(time);
    quick += weight * halved(QUICKER * (at - time) / halfLifeMillis);
    recent += weight * halved((at - time) / halfLifeMillis);
  }

  /**
   * Lets a part of its posts go, which were counted by themselves as well: levels are sums over
   * posts. A burst goes on as what is left of it.
   */
  void part(Pulse leaving, TrendId part) {
    leaving.advance(at);
    double before = recent;
    quick = Math.max(0, quick - leaving.quick);
    recent = Math.max(0, recent - leaving.recent);
    usual = Math.max(0, usual - leaving.usual);
    hours.part(leaving.hours);
    remember(new Moment.SplitInto(part, Instant.ofEpochMilli(at)));
    if (recent < 1) {
      // Less than one post: whatever rose has left.
      end();
    } else {
      height *= recent / before;
      emergedAt *= recent / before;
    }
  }

  /** Becomes the pulse of the part that left: from here on it turns. */
  void parted(TrendId whole, BurstMeasure measure) {
    remember(new Moment.SplitFrom(whole, Instant.ofEpochMilli(at)));
    turn(measure);
  }

  /**
   * Takes over another story's volume.
   *
   * @param merged the stories that this is to be told of; none where a single post came along
   */
  void join(Pulse other, List<TrendId> merged, BurstMeasure measure) {
    long time = Math.max(at, other.at);
    advance(time);
    Pulse theirs = other.lookedAt(time);
    quick += theirs.quick;
    recent += theirs.recent;
    usual += theirs.usual;
    height = Math.max(height, Math.max(theirs.height, recent));
    hours.join(theirs.hours);
    if (!merged.isEmpty()) {
      remember(new Moment.Merged(merged, Instant.ofEpochMilli(time)));
    }
    turn(measure);
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

  /** How many standard deviations recent is above what is to be expected. */
  double score(double expectation) {
    double expected = usual * expectation;
    return Math.max(0, (recent - expected) / Math.sqrt(expected + 1));
  }

  List<Moment> moments() {
    return moments;
  }

  private void turn(BurstMeasure measure) {
    switch (state) {
      case FADING -> {
        if (isBurst(measure)) {
          emergedAt = recent;
          height = recent;
          enter(TrendState.EMERGING, at);
        }
      }
      case EMERGING -> {
        height = Math.max(height, recent);
        if (recent >= 2 * emergedAt) {
          enter(TrendState.RISING, at);
        } else if (usual >= recent / 2) {
          enter(TrendState.PEAKING, at);
        }
      }
      case RISING -> {
        height = Math.max(height, recent);
        if (usual >= recent / 2) {
          enter(TrendState.PEAKING, at);
        }
      }
      case PEAKING -> {
        if (recent >= 1.5 * height && usual < recent / 2) {
          height = recent;
          enter(TrendState.RISING, at);
        }
      }
    }
  }

  private boolean isBurst(BurstMeasure measure) {
    double recentExpected = usual * measure.expectation();
    double quickExpected = recentExpected / QUICKER;
    return isFar(quick, quickExpected, measure.quickPosts())
        || isFar(recent, recentExpected, measure.recentPosts());
  }

  private static boolean isFar(double level, double expected, double many) {
    return level - expected >= Math.max(many, STRONG * Math.sqrt(expected + 1));
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
    quick *= halved(QUICKER * halfLives);
    at = time;
  }

  private void crossing(double share, long until, TrendState next) {
    double left = recent / (share * height);
    double halfLives = left <= 1 ? 0 : StrictMath.log(left) / StrictMath.log(2);
    long when = at + (long) Math.ceil(halfLives * halfLifeMillis);
    if (when <= until) {
      enter(next, when);
    }
  }

  private void enter(TrendState next, long when) {
    state = next;
    remember(new Moment.Entered(next, Instant.ofEpochMilli(when)));
  }

  /** The beginning stays, and turns stay longer than anything else. */
  private void remember(Moment moment) {
    moments.add(moment);
    if (moments.size() > MOMENTS) {
      int gone = 1;
      for (int i = moments.size() - 1; i > 0; i--) {
        gone = moments.get(i) instanceof Moment.Entered ? gone : i;
      }
      moments.remove(gone);
    }
  }

  static double halved(double halfLives) {
    return StrictMath.pow(2, -halfLives);
  }

  /** Posts of each hour. */
  Hours hours() {
    return hours;
  }

  /** Posts an hour that recent stands for. */
  double hourly() {
    return hourly(recent);
  }

  /** Posts an hour that are to be expected. */
  double usualHourly(double expectation) {
    return hourly(usual * expectation);
  }

  /** A level that halves with every half-life stands still where as much comes as goes. */
  private double hourly(double level) {
    return level * StrictMath.log(2) * Hours.HOUR_MILLIS / halfLifeMillis;
  }

  void write(DataOutput out) throws IOException {
    out.writeUTF(state.name());
    out.writeLong(at);
    out.writeDouble(recent);
    out.writeDouble(usual);
    out.writeDouble(height);
    Moments.write(moments, out);
    out.writeDouble(quick);
    out.writeDouble(emergedAt);
    hours.write(out);
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @param whole false for what was written before there were hours and a quick level
   */
  static Pulse read(DataInput in, long halfLifeMillis, boolean whole) throws IOException {
    TrendState state = TrendState.valueOf(in.readUTF());
    long at = in.readLong();
    double recent = in.readDouble();
    double usual = in.readDouble();
    double height = in.readDouble();
    List<Moment> moments = new ArrayList<>(Moments.read(in));
    double quick = whole ? in.readDouble() : 0;
    double emergedAt = whole ? in.readDouble() : recent;
    Hours hours = whole ? Hours.read(in) : new Hours();
    Pulse pulse = new Pulse(halfLifeMillis, state, at, moments, hours);
    pulse.quick = quick;
    pulse.recent = recent;
    pulse.usual = usual;
    pulse.height = height;
    pulse.emergedAt = emergedAt;
    return pulse;
  }
}
