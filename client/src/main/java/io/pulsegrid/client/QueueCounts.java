package io.pulsegrid.client;

import java.time.Instant;
import java.util.List;

/**
 * How many deliveries are in each state.
 *
 * @param due of those scheduled, due by {@code at}
 * @param paused whether all publishing is
 * @param pausedPlatforms those that are paused by themselves
 */
public record QueueCounts(
    long scheduled,
    long due,
    long armed,
    long retry,
    long unconfirmed,
    long failed,
    long missed,
    long published,
    boolean paused,
    List<String> pausedPlatforms,
    Instant at) {
  public QueueCounts {
    pausedPlatforms = List.copyOf(pausedPlatforms);
  }
}
