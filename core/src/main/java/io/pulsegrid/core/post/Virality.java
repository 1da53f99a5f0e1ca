package io.pulsegrid.core.post;

import io.pulsegrid.core.post.EngagementHistory.Reading;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether a post catches on, from the growth of its engagement alone.
 *
 * <p>What is shown to people who follow it fades: as many react in the second hour as in the two
 * that come after. So from what a post had earlier follows what it should have gained since. One
 * that is passed on to others gains more.
 */
public sealed interface Virality {
  /** The score from which growth is no chance any more. */
  double CATCHES_ON = 4;

  /**
   * The growth between two readings.
   *
   * @param score how many standard deviations of chance the gain lies above what was to be
   *     expected; below zero where it fades faster than usual
   * @param reactions likes, comments and shares by the latest reading
   * @param since the earlier reading
   * @param at the latest reading
   * @param gained reactions in between
   * @param expected what it would have gained in between had it faded as usual
   */
  record Measured(
      double score, long reactions, Instant since, Instant at, long gained, double expected)
      implements Virality {
    /** Whether it grows beyond chance. */
    public boolean catchesOn() {
      return score >= CATCHES_ON;
    }

    /** Reactions an hour in between. */
    public double perHour() {
      return Curve.perHour((double) gained, since, at);
    }

    /** Reactions an hour that were to be expected in between. */
    public double usualPerHour() {
      return Curve.perHour(expected, since, at);
    }
  }

  /** The readings do not tell enough. */
  record NotEnoughData(String reason) implements Virality {}

  /**
   * The virality of a post by its latest reading.
   *
   * @param readings oldest first
   */
  static Virality of(Instant publishedAt, List<Reading> readings) {
    List<Reading> told = Curve.apart(publishedAt, readings);
    if (told.size() < Curve.LEAST_READINGS) {
      return new NotEnoughData(
          "needs %d readings %d minutes apart, has %d"
              .formatted(Curve.LEAST_READINGS, Curve.APART.toMinutes(), told.size()));
    }
    Reading before = told.get(told.size() - 2);
    Reading latest = told.getLast();
    long earlier = Curve.reactions(before);
    long reactions = Curve.reactions(latest);
    if (earlier < Curve.LEAST_REACTIONS) {
      return new NotEnoughData(
          "needs %d reactions before the latest reading, has %d"
              .formatted(Curve.LEAST_REACTIONS, earlier));
    }
    // Reactions can be taken back.
    long gained = Math.max(0, reactions - earlier);
    double expected =
        earlier
            * (Curve.share(publishedAt, latest.at()) / Curve.share(publishedAt, before.at()) - 1);
    double score = (gained - expected) / Math.sqrt(expected + 1);
    return new Measured(
        Math.round(score * 100) / 100d,
        reactions,
        before.at(),
        latest.at(),
        gained,
        Math.round(expected * 10) / 10d);
  }

  /** How a post usually gathers its reactions: with the logarithm of its age. */
  final class Curve {
    static final int LEAST_READINGS = 3;
    static final int LEAST_REACTIONS = 10;
    static final Duration APART = Duration.ofMinutes(5);

    // In its first minutes a post is shown to as many in each.
    private static final double STEADY_MINUTES = 10;

    private Curve() {}

    /** The readings from publication on that lie far enough apart; of the rest the later. */
    static List<Reading> apart(Instant publishedAt, List<Reading> readings) {
      List<Reading> apart = new ArrayList<>();
      for (Reading reading : readings.reversed()) {
        boolean later = reading.at().isAfter(publishedAt);
        boolean far = apart.isEmpty() || !reading.at().plus(APART).isAfter(apart.getLast().at());
        if (later && far) {
          apart.add(reading);
        }
      }
      return apart.reversed();
    }

    static long reactions(Reading reading) {
      Engagement counts = reading.counts();
      return counts.likes() + counts.comments() + counts.shares();
    }

    static double share(Instant publishedAt, Instant at) {
      double minutes = Duration.between(publishedAt, at).toMillis() / 60_000d;
      return Math.log1p(minutes / STEADY_MINUTES);
    }

    static double perHour(double reactions, Instant since, Instant at) {
      double hours = Duration.between(since, at).toMillis() / 3_600_000d;
      return Math.round(reactions / hours * 10) / 10d;
    }
  }
}
