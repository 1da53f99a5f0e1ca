package io.pulsegrid.bench;

import java.util.Arrays;

/** Times of many calls, in nanoseconds. */
final class Stopwatch {
  private final long[] times;
  private int count;

  Stopwatch(int most) {
    times = new long[most];
  }

  /** Runs a call and keeps its time. */
  void time(Call call) throws Exception {
    long start = System.nanoTime();
    call.run();
    times[count++] = System.nanoTime() - start;
  }

  /** The time that this share of calls does not exceed, in milliseconds. */
  double millis(double share) {
    long[] sorted = Arrays.copyOf(times, count);
    Arrays.sort(sorted);
    int place = (int) Math.ceil(share * count) - 1;
    return sorted[Math.max(0, place)] / 1e6;
  }

  /** A call worth timing. */
  interface Call {
    void run() throws Exception;
  }
}
