package io.pulsegrid.bench;

import java.util.List;

/** Whoever gives leave to act on channels. */
interface Limiter extends AutoCloseable {
  /**
   * Asks for leave to act so often on each of these channels, in as few round trips as it can.
   *
   * @return how often it may be acted, of all
   */
  long take(List<String> channels, int each) throws Exception;

  /** What was allowed last was done, at once. */
  void done();

  /** Says what it has not yet said of what was done. */
  @Override
  void close();
}
