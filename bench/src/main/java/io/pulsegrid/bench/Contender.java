package io.pulsegrid.bench;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Nodes that publish, ours or another scheduler's, and the ledger that they settle in. */
interface Contender extends AutoCloseable {
  String name();

  /**
   * Schedules deliveries over all channels in turn, evenly due from an instant on.
   *
   * @param span from the first to the last; zero for all at once
   */
  void schedule(String batch, int count, Instant from, Duration span) throws Exception;

  /** A connection to where they settle. */
  Connection ledger() throws SQLException;

  /** A query for {@code due} and {@code settled} of every delivery that is published. */
  String published();

  /** The processes of the nodes. */
  List<ProcessHandle> processes();

  @Override
  void close();
}
