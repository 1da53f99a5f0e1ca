package io.pulsegrid.client;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the engagement of a post grew.
 *
 * @param items what was read, oldest first; the latest 1,000
 */
public record EngagementHistory(List<Reading> items, Virality virality) {
  public EngagementHistory {
    items = List.copyOf(items);
  }

  /** How the world had answered by a moment. */
  public record Reading(Instant at, long likes, long comments, long shares, long views) {}

  /**
   * Whether a post catches on.
   *
   * @param notEnoughData why nothing can be said; null where the others say it
   * @param score standard deviations that the latest gain lies above what was to be expected
   */
  public record Virality(
      @Nullable String notEnoughData,
      @Nullable Double score,
      @Nullable Boolean catchesOn,
      @Nullable Evidence evidence) {}

  /**
   * What a score rests on; reactions are likes, comments and shares together.
   *
   * @param since the reading before the latest
   * @param at the latest reading
   * @param gained between the two
   * @param expected between the two, had it faded as usual
   */
  public record Evidence(
      Instant since,
      Instant at,
      long reactions,
      long gained,
      double expected,
      double perHour,
      double usualPerHour) {}
}
