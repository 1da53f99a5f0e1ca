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
   * Does rounds of the work, until several in a row are no faster than the best before.
   *
   * @param idle how many in a row: one alone may have met a noisy moment
   * @param faster how many times as fast as the best a round must be to count as faster
   * @return the best
   */
  static double rounds(int idle, int most, double faster, Round round) throws Exception {
    double best = 0;
    int idleRounds = 0;
    for (int done = 0; done < most && idleRounds < idle; done++) {
      double rate = round.perSecond();
      idleRounds = rate > best * faster ? 0 : idleRounds + 1;
      best = Math.max(best, rate);
    }
    return best;
  }
}
