package io.pulsegrid.node.listen;

import io.pulsegrid.core.failure.PulsegridException;
import java.sql.SQLException;
import java.time.Duration;

/** What a caller is told while Postgres is away. */
final class StoreAway {
  private static final Duration COME_BACK = Duration.ofSeconds(5);

  private StoreAway() {}

  @FunctionalInterface
  interface Query<T> {
    T run() throws SQLException;
  }

  static <T> T guard(Query<T> query) {
    try {
      return query.run();
    } catch (SQLException e) {
      throw PulsegridException.unavailable(
          "the store does not answer just now; ask again", COME_BACK, e);
    }
  }
}
