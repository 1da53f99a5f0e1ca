package io.pulsegrid.bench;

import java.io.PrintStream;

/** One question about speed or quality, answered by measuring. */
interface Bench {
  String name();

  /** What it measures, in one line. */
  String question();

  /** Whether it takes so long that it runs by its name only. */
  default boolean isLong() {
    return false;
  }

  /**
   * Measures; may take minutes.
   *
   * @param progress for what a waiting person wants to read
   */
  Outcome run(PrintStream progress) throws Exception;
}
