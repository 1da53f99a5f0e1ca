package io.pulsegrid.chaos.judge;

import io.pulsegrid.chaos.load.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/**
 * How late posts went out, those of crowded channels aside, in milliseconds; -1 where none did.
 *
 * @param counted how many posts that is of
 */
public record Lateness(int counted, long p50, long p99, long worst) {
  /** Of no post. */
  static final Lateness NONE = new Lateness(0, -1, -1, -1);

  static Lateness of(List<Promise> promises, Arrivals arrivals, Instant since) {
    List<Long> millis =
        promises.stream()
            .filter(promise -> !promise.crowded() && !promise.due().isBefore(since))
            .filter(promise -> arrivals.has(promise.text()))
            .map(promise -> late(promise, arrivals.first(promise.text())))
            .sorted()
            .toList();
    return millis.isEmpty()
        ? NONE
        : new Lateness(millis.size(), at(millis, 0.5), at(millis, 0.99), millis.getLast());
  }

  /** The latest of them, latest first, in words. */
  static List<String> slowest(List<Promise> promises, Arrivals arrivals, Instant since, int limit) {
    return promises.stream()
        .filter(promise -> !promise.crowded() && !promise.due().isBefore(since))
        .filter(promise -> arrivals.has(promise.text()))
        .sorted(
            Comparator.comparingLong(
                (Promise promise) -> -late(promise, arrivals.first(promise.text()))))
        .limit(limit)
        .map(
            promise ->
                "delivery %s, due %s, came %s"
                    .formatted(promise.delivery(), promise.due(), arrivals.first(promise.text())))
        .toList();
  }

  /** A post that was only acknowledged after it was due is late from then on. */
  private static long late(Promise promise, Instant arrived) {
    Instant from =
        promise.acknowledged().isAfter(promise.due()) ? promise.acknowledged() : promise.due();
    return Math.max(0, Duration.between(from, arrived).toMillis());
  }

  private static long at(List<Long> sorted, double share) {
    return sorted.get((int) Math.min(sorted.size() - 1L, (long) Math.floor(sorted.size() * share)));
  }
}
