package io.pulsegrid.node.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pulsegrid.core.publish.Delivery;
import io.pulsegrid.node.store.ledger.Sendable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Two nodes that write the same deliveries at once, as after one came or went. */
class DeadlockTest {
  private final LedgerFixture fixture = new LedgerFixture();

  @Test
  void anArmThatPostgresGaveUpForAnotherIsSaidAgain() throws Exception {
    // In which order the statement takes its rows is Postgres' affair: one of the two meets.
    boolean met = false;
    for (int held = 0; held < 2 && !met; held++) {
      String channel = fixture.channel();
      met = armedAgainst(List.of(fixture.due(channel), fixture.due(channel)), held);
    }
    assertThat(met).as("two in each other's way").isTrue();
  }

  /** Answers whether the arm held one delivery while it waited for the other. */
  private boolean armedAgainst(List<Delivery> both, int held) throws Exception {
    try (ExecutorService threads = Executors.newSingleThreadExecutor();
        Connection other = fixture.database.getConnection()) {
      other.setAutoCommit(false);
      assertThat(locks(other, both.get(held), "")).isTrue();
      Future<List<Sendable>> arming = threads.submit(() -> fixture.armAll(both, "token-" + held));
      await()
          .until(
              () ->
                  Objects.requireNonNull(
                          fixture.jdbc.queryForObject(
                              "SELECT count(*) FROM pg_locks WHERE NOT granted", Long.class))
                      > 0);
      boolean met = !locks(other, both.get(1 - held), "SKIP LOCKED");
      if (met) {
        // Granted once Postgres has given up the arm, which has waited for longer.
        assertThat(locks(other, both.get(1 - held), "")).isTrue();
      }
      other.commit();
      assertThat(arming.get()).hasSize(2);
      return met;
    }
  }

  private static boolean locks(Connection connection, Delivery delivery, String how)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT id FROM delivery WHERE id = ? FOR UPDATE " + how)) {
      statement.setString(1, delivery.id());
      try (ResultSet row = statement.executeQuery()) {
        return row.next();
      }
    }
  }
}
