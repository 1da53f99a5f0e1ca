package io.pulsegrid.core.time;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import org.jspecify.annotations.Nullable;

/**
 * A wall-clock wish and the instant it came to: all three are kept, so that an answer can be
 * explained.
 *
 * @param local what was asked for, on the wall
 * @param instant what it came to
 */
public record Resolved(LocalDateTime local, ZoneId zone, Instant instant, Adjustment adjustment) {

  /** What daylight saving made of a wall-clock time. */
  public enum Adjustment {
    /** The time exists once. */
    NONE,
    /** Clocks skip it in spring: moved forward by the length of the gap. */
    GAP,
    /** Clocks show it twice in autumn: the first is taken. */
    OVERLAP
  }

  /**
   * Resolves a wish.
   *
   * @param now what {@link When.Now} comes to
   * @param wall where a wish that names no zone is told, and what {@link When.ChannelLocal} shows
   */
  public static Resolved of(When.Moment when, Instant now, ZoneId wall) {
    return switch (when) {
      case When.Now _ -> at(now, wall);
      case When.At at -> at(at.instant(), wall);
      case When.Local wish -> local(wish.local(), wish.zone());
      case When.ChannelLocal wish -> local(wish.local(), wall);
    };
  }

  private static Resolved at(Instant instant, ZoneId wall) {
    return new Resolved(LocalDateTime.ofInstant(instant, wall), wall, instant, Adjustment.NONE);
  }

  private static Resolved local(LocalDateTime local, ZoneId zone) {
    // ZonedDateTime.of does just what we promise: forward by the gap, the earlier of an overlap.
    Instant instant = local.atZone(zone).toInstant();
    @Nullable ZoneOffsetTransition transition = zone.getRules().getTransition(local);
    Adjustment adjustment =
        transition == null
            ? Adjustment.NONE
            : transition.isGap() ? Adjustment.GAP : Adjustment.OVERLAP;
    return new Resolved(local, zone, instant, adjustment);
  }
}
