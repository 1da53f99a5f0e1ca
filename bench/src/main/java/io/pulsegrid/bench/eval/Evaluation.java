package io.pulsegrid.bench.eval;

import io.pulsegrid.bench.Outcome;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;

/** One question about quality, answered on labelled data. */
interface Evaluation {
  String name();

  /** What it measures, in one line. */
  String question();

  /** The part of the data directory that it reads. */
  String directory();

  /**
   * Measures on each set of data that is there; may take minutes.
   *
   * @return one outcome a set; none where there is none
   */
  List<Outcome> run(Path directory, VectorCache vectors, PrintStream progress) throws IOException;
}
