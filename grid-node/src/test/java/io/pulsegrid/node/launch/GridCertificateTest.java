package io.pulsegrid.node.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
  private static final String PASSWORD = "changeit";

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
    Path file = directory.resolve("node.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "node",
                "-keyalg",
                "EC",
                "-dname",
                "CN=node",
                "-validity",
                "300",
                "-keystore",
                file.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .start();
    String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(keytool.waitFor()).as(said).isZero();
    return file;
  }
}
