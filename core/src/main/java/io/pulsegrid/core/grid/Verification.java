package io.pulsegrid.core.grid;

import java.util.List;

/** The comparison of grid, store and index on a live grid. */
public interface Verification {
  /**
   * Compares per bucket and reads rows only where digests differ; waits up to a few seconds for
   * what is just being written.
   *
   * @param repair whether to mend what differs: the higher revision wins
   */
  Report run(boolean repair);

  /**
   * What was found.
   *
   * @param differences the first 100, each a sentence
   */
  record Report(
      boolean clean,
      long gridPosts,
      long storedPosts,
      long indexedPosts,
      long gridVectors,
      long storedVectors,
      long differing,
      long repaired,
      List<String> differences) {
    public Report {
      differences = List.copyOf(differences);
    }
  }
}
