package io.pulsegrid.core.time;

import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/**
 * What recurrence rules (RFC 5545) come to on the wall: local dates and times, which no daylight
 * saving moves. Safe for many threads.
 */
public interface Recurrences {
  /**
   * A rule and where it begins.
   *
   * @param rule the value of an RRULE
   * @param first counts as an occurrence only where the rule says so
   * @param zone where an end that the rule names as an instant is told
   */
  record Recurrence(String rule, LocalDateTime first, ZoneId zone) {}

  /** What is wrong with a rule; empty when it can be used. */
  Optional<String> fault(Recurrence recurrence);

  /** Whether a rule without fault ends at an instant, which each zone tells in another way. */
  boolean endsAtAnInstant(String rule);

  /**
   * What comes after a time, in order.
   *
   * @param after exclusive
   * @param until inclusive
   */
  List<LocalDateTime> between(
      Recurrence recurrence, LocalDateTime after, LocalDateTime until, int limit);
}
