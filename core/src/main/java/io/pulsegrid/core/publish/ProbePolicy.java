package io.pulsegrid.core.publish;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When a platform is asked about a doubtful delivery: soon, then ever more rarely, then never
 * again.
 *
 * @param first the pause before the first question
 * @param longest no pause is longer
 * @param giveUpAfter how long after the doubt arose only a person can decide
 */
public record ProbePolicy(Duration first, Duration longest, Duration giveUpAfter) {
  public ProbePolicy {
    if (first.isNegative() || first.isZero()) {
      throw new IllegalArgumentException("first must be positive, was " + first);
    }
    if (longest.compareTo(first) < 0) {
      throw new IllegalArgumentException("longest must not be below first, was " + longest);
    }
  }

  /** When to ask next after {@code probes} questions; null once a person has to decide. */
  @Nullable Instant next(Instant since, int probes, Instant now) {
    Duration pause = first;
    for (int i = 0; i < probes && pause.compareTo(longest) < 0; i++) {
      pause = pause.multipliedBy(2);
    }
    Instant next = now.plus(pause.compareTo(longest) > 0 ? longest : pause);
    return next.isAfter(since.plus(giveUpAfter)) ? null : next;
  }
}
