package io.pulsegrid.node.listen;

import static io.pulsegrid.node.listen.ListeningFixture.WORKSPACE;
import static io.pulsegrid.node.listen.ListeningFixture.post;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.pulsegrid.core.grid.Verification;
import io.pulsegrid.node.store.TestPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackgroundVerificationTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  @TempDir private Path directory;

  @Test
  void findsWhatDiffersMendsItAndTellsBoth() throws SQLException {
    DataSource database = TestPostgres.fresh();
    try (ListeningFixture grid =
        new ListeningFixture(2, database, directory, new WordEmbedder(), InstantSource.system())) {
      grid.first()
          .intake()
          .take(
              WORKSPACE,
              List.of(post("1", "one word", NOON), post("2", "two ones of another kind", NOON)));
      grid.settle();
      // What is still on its way to the store would put the row there again.
      assertThat(grid.first().verification().run(false).clean()).isTrue();
      SimpleMeterRegistry oldest = new SimpleMeterRegistry();
      SimpleMeterRegistry younger = new SimpleMeterRegistry();
      AtomicBoolean whole = new AtomicBoolean();
      BackgroundVerification here = verification(grid.nodes.getFirst(), whole, oldest);
      BackgroundVerification there = verification(grid.nodes.getLast(), whole, younger);
      delete(database, "1");

      here.work();
      assertThat(repaired(oldest)).as("the grid is still being loaded").isZero();
      whole.set(true);
      there.work();
      assertThat(repaired(younger)).as("one node of all does it").isZero();

      here.work();
      assertThat(differences(oldest)).isEqualTo(1);
      assertThat(repaired(oldest)).isEqualTo(1);
      grid.settle();
      assertThat(grid.first().verification().run(false).clean()).isTrue();

      here.work();
      assertThat(differences(oldest)).isZero();
      assertThat(repaired(oldest)).isEqualTo(1);
    }
  }

  @Test
  void leavesOutTurnsWhileTheGridIsBusyButNotForEver() throws SQLException {
    AtomicInteger runs = new AtomicInteger();
    AtomicBoolean busy = new AtomicBoolean(true);
    try (ListeningFixture grid =
        new ListeningFixture(
            1, TestPostgres.fresh(), directory, new WordEmbedder(), InstantSource.system())) {
      Verification counted =
          repair -> {
            runs.incrementAndGet();
            return grid.first().verification().run(repair);
          };
      BackgroundVerification verification =
          new BackgroundVerification(
              grid.first().ignite(), counted, () -> true, busy::get, new SimpleMeterRegistry());
      verification.work();

      turns(verification, 11);
      assertThat(runs).hasValue(0);
      turns(verification, 1);
      assertThat(runs).hasValue(1);
      turns(verification, 11);
      assertThat(runs).hasValue(1);
      busy.set(false);
      turns(verification, 1);
      assertThat(runs).hasValue(2);
    }
  }

  private static void turns(BackgroundVerification verification, int count) {
    for (int i = 0; i < count; i++) {
      verification.work();
    }
  }

  /** One that has had its first rest. */
  private static BackgroundVerification verification(
      ListeningFixture.Node node, AtomicBoolean whole, SimpleMeterRegistry meters) {
    BackgroundVerification verification =
        new BackgroundVerification(
            node.ignite(), node.verification(), whole::get, () -> false, meters);
    verification.work();
    return verification;
  }

  private static double differences(SimpleMeterRegistry meters) {
    return meters.get("pulsegrid.verify.differences").gauge().value();
  }

  private static double repaired(SimpleMeterRegistry meters) {
    return meters.get("pulsegrid.verify.repaired").counter().count();
  }

  private static void delete(DataSource database, String nativeId) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("DELETE FROM post WHERE native_id = '" + nativeId + "'");
    }
  }
}
