package io.pulsegrid.node.publish;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How long a scope of limits is left alone at the least after a 429, whatever its platform says: a
 * reset that is over already, or comes too early again and again, must not have it hammered. Longer
 * for each 429 in a row. Safe for use by many threads.
 */
final class ThrottlePauses {
  static final Duration FIRST = Duration.ofSeconds(5);
  static final int MOST_DOUBLINGS = 6;

  private final Map<String, Pause> pauses = new ConcurrentHashMap<>();

  private record Pause(int doublings, Instant until) {}

  /** Until when a scope is left alone at the least, after a call that began at that time. */
  Instant throttled(String scope, Instant startedAt, Instant now) {
    return pauses
        .compute(
            scope,
            (_, before) -> {
              if (before == null) {
                return new Pause(0, now.plus(FIRST));
              }
              if (startedAt.isBefore(before.until())) {
                // It was under way when another was throttled: the same refusal.
                return before;
              }
              int doublings = Math.min(before.doublings() + 1, MOST_DOUBLINGS);
              return new Pause(doublings, now.plus(FIRST.multipliedBy(1L << doublings)));
            })
        .until();
  }

  /** The platform took something in the scope. */
  void over(String scope) {
    pauses.remove(scope);
  }
}
