package io.pulsegrid.bench;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** How long many calls took, to ten microseconds; can be sent from one process to another. */
final class Latencies {
  private static final long BIN_NANOS = 10_000;
  private static final int BINS = 50_000;

  private final long[] counts = new long[BINS];

  void add(long nanos) {
    counts[(int) Math.min(nanos / BIN_NANOS, BINS - 1)]++;
  }

  void addAll(Latencies other) {
    Arrays.setAll(counts, i -> counts[i] + other.counts[i]);
  }

  /** What this share of calls did not exceed, in milliseconds; 0 without calls. */
  double millis(double share) {
    long wanted = (long) Math.ceil(share * Arrays.stream(counts).sum());
    long seen = 0;
    for (int i = 0; i < BINS; i++) {
      seen += counts[i];
      if (seen >= wanted && seen > 0) {
        return (i + 1) * BIN_NANOS / 1e6;
      }
    }
    return 0;
  }

  /** One word for {@link #parse}. */
  String word() {
    return IntStream.range(0, BINS)
        .filter(i -> counts[i] > 0)
        .mapToObj(i -> i + ":" + counts[i])
        .collect(Collectors.joining(",", "b", ""));
  }

  static Latencies parse(String word) {
    Latencies latencies = new Latencies();
    for (String bin : word.substring(1).split(",", -1)) {
      if (!bin.isEmpty()) {
        String[] parts = bin.split(":", 2);
        latencies.counts[Integer.parseInt(parts[0])] = Long.parseLong(parts[1]);
      }
    }
    return latencies;
  }
}
