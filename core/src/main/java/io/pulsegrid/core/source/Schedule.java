package io.pulsegrid.core.source;

import java.time.Duration;

/** When a source is collected. */
public sealed interface Schedule {
  /** At a fixed interval, one second or more. */
  record Every(Duration interval) implements Schedule {
    public Every {
      if (interval.compareTo(Duration.ofSeconds(1)) < 0) {
        throw new IllegalArgumentException("every must be at least PT1S, was " + interval);
      }
    }
  }

  /** At the times of a Quartz cron expression, in UTC. */
  record Cron(String expression) implements Schedule {}
}
