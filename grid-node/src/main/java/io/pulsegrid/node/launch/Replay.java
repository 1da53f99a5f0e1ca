package io.pulsegrid.node.launch;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import tools.jackson.databind.JsonNode;

/**
 * A recording relived: each post is sent when its time has come on a clock that runs {@code speed}
 * times as fast as ours. A node that cannot keep up is sent what is due in full batches, in order.
 */
final class Replay {
  private static final int BATCH = 500;

  /** What is due within it goes out together. */
  private static final Duration TICK = Duration.ofMillis(500);

  /** In a long silence it looks as often whether it is to stop. */
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final Recording recording;
  private final double speed;
  private final InstantSource clock;
  private final Way way;
  private volatile boolean stopping;
  private Counts counts = new Counts(0, 0, 0, 0);

  /** Where posts go, and who is told of it. */
  interface Way {
    /** Sends posts, NDJSON; the answer of the import. */
    JsonNode send(byte[] lines) throws InterruptedException, IOException;

    void pause(Duration time) throws InterruptedException;

    /** After each batch. */
    void sent(Instant reached, Counts counts);
  }

  /** What became of the posts sent so far. */
  record Counts(long sent, long accepted, long unchanged, long rejected) {
    private Counts plus(int more, JsonNode answer) {
      return new Counts(
          sent + more,
          accepted + answer.path("accepted").asLong(0),
          unchanged + answer.path("unchanged").asLong(0),
          rejected + answer.path("rejected").asLong(0));
    }
  }

  Replay(Recording recording, double speed, InstantSource clock, Way way) {
    this.recording = recording;
    this.speed = speed;
    this.clock = clock;
    this.way = way;
  }

  /** Sends everything, or until it is stopped; whatever was sent was answered for. */
  Counts run() throws InterruptedException, IOException {
    Instant begun = clock.instant();
    Instant first = recording.at(0);
    int next = 0;
    while (next < recording.size() && !stopping) {
      Instant reached = first.plus(scaled(Duration.between(begun, clock.instant()), speed));
      int end = next;
      while (end < recording.size() && end - next < BATCH && !recording.at(end).isAfter(reached)) {
        end++;
      }
      if (end > next) {
        counts = counts.plus(end - next, way.send(recording.lines(next, end)));
        way.sent(recording.at(end - 1), counts);
        next = end;
      }
      if (end < recording.size() && recording.at(end).isAfter(reached)) {
        Duration left = scaled(Duration.between(reached, recording.at(end)), 1 / speed);
        way.pause(left.compareTo(LOOK) > 0 ? LOOK : left.compareTo(TICK) < 0 ? TICK : left);
      }
    }
    return counts;
  }

  /** Sends nothing after what is being sent. */
  void stop() {
    stopping = true;
  }

  private static Duration scaled(Duration time, double factor) {
    return Duration.ofMillis((long) Math.ceil(time.toMillis() * factor));
  }
}
