package io.pulsegrid.node.collect;

import io.pulsegrid.core.source.Schedule;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long a failing source is left alone beyond its own schedule: not at all after one failure,
 * then doubling from one interval to eight, at most six hours, and never less than it asked for. A
 * cron source keeps its times: they are chosen, and usually far apart.
 */
final class Backoff {
  private static final int MOST_INTERVALS = 8;
  private static final Duration LONGEST = Duration.ofHours(6);

  private Backoff() {}

  static Duration after(int failuresInRow, Schedule schedule, @Nullable Duration askedFor) {
    Duration hold =
        switch (schedule) {
          case Schedule.Cron _ -> Duration.ZERO;
          case Schedule.Every _ when failuresInRow < 2 -> Duration.ZERO;
          case Schedule.Every every ->
              every
                  .interval()
                  .multipliedBy(Math.min(MOST_INTERVALS, 1L << Math.min(failuresInRow - 2, 8)));
        };
    if (hold.compareTo(LONGEST) > 0) {
      hold = LONGEST;
    }
    return askedFor == null || askedFor.compareTo(hold) < 0 ? hold : askedFor;
  }
}
