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
   * The same question at another size.
   *
   * @throws IllegalArgumentException when it has but one
   */
  default Bench ofSize(int size) {
    throw new IllegalArgumentException(name() + " takes no --size");
  }

  /**
   * Measures; may take minutes.
   *
   * @param progress for what a waiting person wants to read
   */
  Outcome run(PrintStream progress) throws Exception;
}
