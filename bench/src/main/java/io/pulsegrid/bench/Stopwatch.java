package io.pulsegrid.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;

/** Times of many calls: on the clock, and on the processor for the thread that made them. */
final class Stopwatch {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final long[] times;
  private final long[] processorTimes;
  private int count;

  Stopwatch(int most) {
    times = new long[most];
    processorTimes = new long[most];
  }

  /** Runs a call and keeps its time. */
  void time(Call call) throws Exception {
    long processorStart = THREADS.getCurrentThreadCpuTime();
    long start = System.nanoTime();
    call.run();
    times[count] = System.nanoTime() - start;
    processorTimes[count++] = THREADS.getCurrentThreadCpuTime() - processorStart;
  }

  /** The time that this share of calls does not exceed, in milliseconds. */
  double millis(double share) {
    return millis(times, share);
  }

  /** The same of the processor's time: what a call costs however busy the machine is. */
  double processorMillis(double share) {
    return millis(processorTimes, share);
  }

  private double millis(long[] times, double share) {
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
