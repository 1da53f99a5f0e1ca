package io.pulsegrid.client;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A post that comes again and again.
 *
 * @param ended whether it brings forth nothing more
 * @param lastError why its latest post could not be scheduled
 * @param upcoming its next times; null in lists
 * @param version what a change is held against
 */
public record Series(
    String id,
    String text,
    List<String> channels,
    When.Repeated when,
    boolean ended,
    @Nullable String lastError,
    @Nullable List<Time> upcoming,
    long version) {
  public Series {
    channels = List.copyOf(channels);
  }

  /**
   * One of its times.
   *
   * @param local on the clock on the wall
   * @param at null where each channel goes by its own clock
   */
  public record Time(String local, @Nullable Instant at) {}
}
