package io.pulsegrid.chaos.programs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pulsegrid.chaos.node.Allowed;
import io.pulsegrid.chaos.node.Certificate;
import io.pulsegrid.chaos.node.LocalGrid;
import io.pulsegrid.client.Connection;
import io.pulsegrid.client.Paging;
import io.pulsegrid.client.Pulsegrid;
import io.pulsegrid.client.PulsegridException;
import io.pulsegrid.client.Tls;
import io.pulsegrid.sim.Sim;
import io.pulsegrid.sim.SimOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs before a grid whose port asks for certificates. */
class CertificatesTest {
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  @TempDir private Path work;

  @Test
  void letsInWhoShowsACertificateThatItTrustsAndTellsOthersWhatIsMissing() throws Exception {
    Certificate nodes = Certificate.in(work);
    Certificate stranger = Certificate.in(Files.createDirectories(work.resolve("stranger")));
    try (Sim platforms = Sim.start(SimOptions.local(0));
        LocalGrid grid =
            LocalGrid.start(1, work, platforms.uri(), nodes.environment(), Allowed.NARROW)) {
      Connection plain = Connection.to(grid.key(), grid.programs(0)).with(PATIENCE);
      try (Pulsegrid pulsegrid = Pulsegrid.connect(plain.with(tls(nodes, nodes)))) {
        assertThat(pulsegrid.channels(Paging.FIRST).items()).isEmpty();
      }
      assertRefused(plain, "without certificates");
      assertRefused(plain.with(tls(stranger, nodes)), "certificates");
      assertRefused(plain.with(tls(nodes, stranger)), "certificates");
    }
  }

  private static Tls tls(Certificate own, Certificate trusted) {
    return new Tls(own.file(), Certificate.PASSWORD, trusted.file(), Certificate.PASSWORD);
  }

  private static void assertRefused(Connection connection, String reason) {
    assertThatThrownBy(() -> Pulsegrid.connect(connection).close())
        .isInstanceOf(PulsegridException.class)
        .hasMessageContaining(reason);
  }
}
