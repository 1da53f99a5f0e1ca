package io.pulsegrid.chaos.judge;

import io.pulsegrid.chaos.fault.Bounds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a fault has cost in time.
 *
 * @param late those of which it was always known whether they were sent
 * @param caught those with a call whose end nobody knew for a while, as of a node that died
 * @param armedMillis the longest that a delivery stayed ARMED beyond its lease
 * @param service what clients saw
 * @param healing how soon all was well again
 */
public record Costs(
    Lateness late, Lateness caught, long armedMillis, Service service, Healing healing) {

  /**
   * How soon all was well again, in milliseconds; -1 for never.
   *
   * @param clean from the healing until {@code verify} was clean, under load
   * @param ready from the healing until all nodes were ready
   * @param verify from when they were until {@code verify} was clean, 8 s of more work included
   */
  public record Healing(long clean, long ready, long verify) {}

  /** What was dearer than it may be, in words. */
  List<String> beyond(Bounds bounds) {
    List<String> beyond = new ArrayList<>();
    check(beyond, "posts were late (p99)", late.p99(), bounds.late());
    check(beyond, "a delivery was ARMED beyond its lease", armedMillis, bounds.armed());
    check(beyond, "a write was not taken", service.longestWriteMillis(), bounds.write());
    check(
        beyond,
        "searches missed something after it struck",
        service.searchesWholeMillis(),
        bounds.search());
    check(beyond, "verify was not clean after the healing", healing.clean(), bounds.clean());
    if (bounds.clean() != null && healing.clean() < 0) {
      beyond.add("verify was never clean after the healing");
    }
    if (bounds.search() != null && service.searchesFailed() > 0) {
      beyond.add(service.searchesFailed() + " searches failed");
    }
    return beyond;
  }

  private static void check(
      List<String> beyond, String what, long millis, @Nullable Duration bound) {
    if (bound != null && millis > bound.toMillis()) {
      beyond.add(
          String.format(
              Locale.ROOT,
              "%s for %.1f s, %d s at the most",
              what,
              millis / 1000.0,
              bound.toSeconds()));
    }
  }
}
