package io.pulsegrid.bench;

/** Work that counts for nothing, until it goes no faster than before. */
final class WarmUp {
  private WarmUp() {}

  /** A round of the work. */
  @FunctionalInterface
  interface Round {
    /** Does it; how much a second it came to. */
    double perSecond() throws Exception;
  }

  /**
   * Does rounds of the work.
   *
   * @param faster how many times as fast as the best before a round must be for another to follow
   * @return the best
   */
  static double rounds(int fewest, int most, double faster, Round round) throws Exception {
    double best = 0;
    boolean gaining = true;
    for (int done = 0; done < fewest || (done < most && gaining); done++) {
      double rate = round.perSecond();
      gaining = rate > best * faster;
      best = Math.max(best, rate);
    }
    return best;
  }
}
