package io.pulsegrid.core.trend;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * How many posts a trend will bring in the next hours, from its own counts.
 *
 * <p>The level of the last three hours, the last above all, goes down a little with each hour, and
 * half the way that yesterday went at the same time. How wide the interval is follows from how far
 * the same rule would have been from what came, in the trend's own past.
 */
public sealed interface Outlook {
  /** How many hours are forecast. */
  int HOURS = 6;

  /** The forecast, hour by hour. */
  record Expected(List<Hour> hours) implements Outlook {
    public Expected {
      hours = List.copyOf(hours);
    }
  }

  /** No forecast, for the counts do not tell enough. */
  record NotEnoughData(String reason) implements Outlook {}

  /**
   * One hour to come.
   *
   * @param low in four of five cases no fewer posts come than this and no more than {@code high}
   */
  record Hour(Instant from, double posts, long low, long high) {}

  /** The outlook from the end of the last whole hour that the evidence counts. */
  static Outlook of(Evidence evidence) {
    List<Long> past = evidence.hourly();
    long posts = past.stream().mapToLong(Long::longValue).sum();
    if (past.size() < Course.LEAST_HOURS || posts < Course.LEAST_POSTS) {
      return new NotEnoughData(
          "needs %d hours and %d posts, has %d and %d"
              .formatted(Course.LEAST_HOURS, Course.LEAST_POSTS, past.size(), posts));
    }
    Course course = new Course(past);
    if (course.recent() < Course.LEAST_RECENT) {
      return new NotEnoughData(
          "needs %d posts in the last %d hours, has %d"
              .formatted(Course.LEAST_RECENT, Course.LEAST_HOURS, course.recent()));
    }
    List<Hour> hours = new ArrayList<>();
    for (int ahead = 1; ahead <= HOURS; ahead++) {
      double expected = course.expected(ahead);
      double reach = course.reach(expected, ahead);
      hours.add(
          new Hour(
              evidence.hourBegan().plus(Duration.ofHours(ahead - 1L)),
              Math.round(expected * 10) / 10d,
              (long) Math.ceil(Math.max(0, expected - reach) - .5),
              (long) Math.floor(expected + reach + .5)));
    }
    return new Expected(hours);
  }
}
