package io.pulsegrid.core.trend;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * What a trend's state and score rest on, all in event time.
 *
 * @param at when it was looked at
 * @param hourly posts of each whole hour before that, oldest first; 48 hours at the most, none
 *     before the trend's first
 * @param hourNow posts of the hour that {@code at} lies in, so far
 * @param rate posts an hour that the trend brings now, the latest above all
 * @param usual posts an hour that are usual for it, at this hour of the platforms' day
 */
public record Evidence(Instant at, List<Long> hourly, long hourNow, double rate, double usual) {
  public Evidence {
    hourly = List.copyOf(hourly);
  }

  /** When the hour that {@code at} lies in began. */
  public Instant hourBegan() {
    return at.truncatedTo(ChronoUnit.HOURS);
  }
}
