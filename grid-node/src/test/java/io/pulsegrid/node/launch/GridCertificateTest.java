package io.pulsegrid.node.launch;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.node.grid.security.Certificates;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GridCertificateTest {
  private static final String PASSWORD = Certificates.PASSWORD;

  @TempDir private Path directory;

  @Test
  void tellsWhenItEnds() throws Exception {
    Finding now = found(made(), PASSWORD, InstantSource.system());

    assertThat(now.isWrong()).isFalse();
    assertThat(now.told()).startsWith("the grid's certificate ends 20");
  }

  @Test
  void warnsThreeWeeksBefore() throws Exception {
    Instant later = Instant.now().plus(Duration.ofDays(280));
    Finding then = found(made(), PASSWORD, Clock.fixed(later, ZoneOffset.UTC));

    assertThat(then.isWrong()).isTrue();
    assertThat(then.remedy()).contains("docs/operations.md");
  }

  @Test
  void saysWhatItCannotRead() throws Exception {
    assertThat(found(made(), "wrong", InstantSource.system()).told()).contains("cannot be read");
    assertThat(found(directory.resolve("none.p12"), PASSWORD, InstantSource.system()).isWrong())
        .isTrue();
  }

  @Test
  void hasNothingToSayOfAGridOnLoopback() {
    List<Finding> findings = new ArrayList<>();
    new GridCertificate(OuterSettings.of(null, Map.of()), InstantSource.system()).look(findings);

    assertThat(findings).isEmpty();
  }

  private static Finding found(Path file, String password, InstantSource clock) {
    List<Finding> findings = new ArrayList<>();
    Map<String, String> environment =
        Map.of(
            "PULSEGRID_TLS_KEYSTORE", file.toString(), "PULSEGRID_TLS_KEYSTOREPASSWORD", password);
    new GridCertificate(OuterSettings.of(null, environment), clock).look(findings);
    return findings.getFirst();
  }

  /** A key whose certificate ends in 300 days. */
  private Path made() throws IOException, InterruptedException {
    return Certificates.make(directory, "node", 300);
  }
}
