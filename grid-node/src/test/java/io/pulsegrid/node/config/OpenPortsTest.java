package io.pulsegrid.node.config;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class OpenPortsTest {
  private static final TlsSettings NONE = new TlsSettings(null, null, null, null);
  private static final TlsSettings TLS =
      new TlsSettings(Path.of("key.p12"), "a", Path.of("trust.p12"), "b");

  @Test
  void opensNothingToOthersWithoutCertificates() {
    refuses("10.0.0.1", "127.0.0.1", "pulsegrid.grid.host 10.0.0.1 is open to other machines");
    refuses("127.0.0.1", "0.0.0.0", "pulsegrid.client.host 0.0.0.0 is open to other machines");
    refuses("::", "::1", "pulsegrid.grid.host :: is open to other machines");
    assertThatCode(() -> check("10.0.0.1", "0.0.0.0", TLS)).doesNotThrowAnyException();
    assertThatCode(() -> check("127.0.0.2", "localhost", NONE)).doesNotThrowAnyException();
  }

  private static void refuses(String gridHost, String clientHost, String rule) {
    assertThatThrownBy(() -> check(gridHost, clientHost, NONE))
        .isInstanceOf(SettingRefused.class)
        .hasMessageStartingWith(rule);
  }

  private static void check(String gridHost, String clientHost, TlsSettings tls) {
    GridSettings grid =
        new Binder(new MapConfigurationPropertySource(Map.of("g.host", gridHost)))
            .bindOrCreate("g", GridSettings.class);
    OpenPorts.check(grid, new ClientSettings(clientHost, 10_800), tls);
  }
}
